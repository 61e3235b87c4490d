package system

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// The modes of what is kept as text: their words are what people type there.

type textMode = *editor.Mode[iosconfig.Text]

// subMode is a mode of which only the most common words are known.
func subMode(prompt, what string) textMode {
	return editor.TextMode(prompt, what+" configuration commands:", editor.Words(
		"description=Description|shutdown=Shut down|vrf=Virtual routing instance|source=Source|destination=Destination|name=Name|server=Server|enable=Enable|type=Type"))
}

func flowMode(prompt string) textMode {
	return editor.TextMode(prompt, "Flow configuration commands:", editor.Words(
		"description=Provide a description|destination=Export destination|source=Originating interface|transport=Transport protocol|export-protocol=Export protocol"+
			"|template=Flow template|exporter=Add an exporter|record=Specify flow record|cache=Configure flow cache|match=Key field|collect=Non-key field|option=Option|dscp=DSCP|ttl=TTL"))
}

func serverMode(prompt string) textMode {
	return editor.TextMode(prompt, "Server configuration commands:", editor.Words(
		"address=Address of the server|!key=Encryption key|timeout=Seconds to wait for an answer|port=Port|retransmit=Retries|single-connection=Reuse the connection|!pac=PAC|automate-tester=Test the server"))
}

var (
	aaaMode = editor.TextMode("config-sg", "AAA configuration commands:", []editor.Below{ // whatever else begins with ip is of the router
		{Word: "ip vrf forwarding", Help: "IP|VPN Routing/Forwarding parameters|Which table the servers are in"},
		{Word: "ip tacacs", Help: "|TACACS configuration commands"}, {Word: "ip radius", Help: "|RADIUS configuration commands"},
	}, editor.Words(
		"server=Server|server-private=Server for this group only|deadtime=Deadtime|cache=Cache|authentication=Authentication|authorization=Authorization|action-type=Action type|broadcast=Broadcast|group=Group"))
	dynamicAuthorMode = editor.TextMode("config-locsvr-da-radius", "RADIUS Application commands:", editor.Words( // port is of this one, not of a port-channel
		"client=Specify a client|!server-key=Encryption key shared with the radius clients|port=Specify port on which local radius server listens|auth-type=Specify the server authorization type|ignore=Override behavior to ignore certain parameters|domain=Username domain options"))
	keyChainMode = editor.TextMode("config-keychain", "Key-chain configuration commands:", []editor.Below{{Word: "key", Help: "Configure a key", Enters: keyMode}})
	keyMode      = editor.TextMode("config-keychain-key", "Key-chain key configuration commands:", editor.Words(
		"!key-string=Set key string|accept-lifetime=Set accept lifetime of key|send-lifetime=Set send lifetime of key|cryptographic-algorithm=Set cryptographic authentication algorithm"))
	callHomeMode = editor.TextMode("cfg-call-home", "Call-home configuration commands:",
		editor.Words("contact-email-addr=Contact email|mail-server=Mail server|http-proxy=Proxy|source-interface=Source interface|site-id=Site|phone-number=Phone|street-address=Address|customer-id=Customer|contract-id=Contract|data-privacy=Data privacy|sender=Sender|vrf=VRF"),
		[]editor.Below{{Word: "profile", Help: "Enter call-home profile configuration mode", Enters: callHomeProfileMode}})
	callHomeProfileMode = editor.TextMode("cfg-call-home-profile", "Call-home profile configuration commands:",
		editor.Words("active=Activate the profile|destination=Message destination|reporting=Reporting|subscribe-to-alert-group=Subscribe|anonymous-reporting-only=Anonymous reporting"))
	archiveMode = editor.TextMode("config-archive", "Archive configuration commands:",
		editor.Words("path=Path for backups|write-memory=Enable automatic backup during write memory|time-period=Period of time in minutes to automatically archive|maximum=Maximum number of backup copies|rollback=Rollback"),
		[]editor.Below{{Word: "log config", Help: "Logging commands|Logging of configuration changes", Enters: archiveLogConfigMode}})
	archiveLogConfigMode = editor.TextMode("config-archive-log-cfg", "Archive logging configuration commands:", []editor.Below{
		{Word: "logging enable", Help: "Modify config logging parameters|Enable the config logger"}, {Word: "logging size", Help: "|Set maximum size of the logger queue"},
		{Word: "logging persistent", Help: "|Set config logging persistent parameters"},
	}, editor.Words(
		"notify=Send logged commands to target|hidekeys=Suppress output of passwords|record=What to record"))
	redundancyMode = editor.TextMode("config-red", "Redundancy configuration commands:",
		editor.Words("mode=Redundancy mode|inter-device=Inter-device|policy=Policy|main-cpu=Main CPU|bridge-domain=Bridge domain|scheme=Scheme"),
		[]editor.Below{{Word: "application", Help: "Application redundancy", Enters: subMode("config-red-app", "Application redundancy")}})
	vlanMode = editor.TextMode("config-vlan", "VLAN configuration commands:", editor.Words(
		"name=Ascii name of the VLAN|state=Operational state of the VLAN|shutdown=Shutdown VLAN switching|mtu=VLAN Maximum Transmission Unit|remote-span=Remote SPAN|private-vlan=Private VLAN"))
	trackTextMode = editor.TextMode("config-track", "Tracking instance configuration commands:", editor.Words(
		"delay=Tracking delay|object=Specify an object|threshold=Tracking threshold|ip=IP|carrier-delay=Carrier delay"))
	classMapMode = editor.TextMode("config-cmap", "Class-map configuration commands:", editor.Words(
		"match=Classification criteria|description=Class-Map description|rename=Rename this class-map"))
	policyMapMode = editor.TextMode("config-pmap", "Policy-map configuration commands:",
		editor.Words("description=Policy-Map description|rename=Rename this policy-map|parameter=Parameters"), []editor.Below{{Word: "class", Help: "policy criteria", Enters: policyClassMode}})
	policyClassMode = editor.TextMode("config-pmap-c", "Policy-map class configuration commands:", editor.Words(
		"bandwidth=Bandwidth|priority=Strict Scheduling Priority|fair-queue=Enable Flow-based Fair Queuing|queue-limit=Queue Max Threshold|random-detect=Enable Random Early Detection|police=Police|set=Set QoS values"+
			"|shape=Traffic Shaping|service-policy=Configure QoS Service Policy|inspect=Context-based Access Control Engine|drop=Drop all packets|pass=Pass packets|compression=Activate Compression|log=Log"))
	objectGroupMode = editor.TextMode("config-network-group", "Object group configuration commands:", editor.Words(
		"host=Host address|range=Range of addresses|description=Description|group-object=Nested object group|any=Any host|tcp=TCP|udp=UDP|icmp=ICMP|ip=IP|tcp-udp=TCP or UDP"))
	appletMode = editor.TextMode("config-applet", "Applet configuration commands:", editor.Words(
		"event=Event specification|action=Add an action|description=Add or modify an applet description|set=Set applet environment variables|trigger=Trigger|maxrun=Maximum runtime"))
)
