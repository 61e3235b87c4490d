package system

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// What routers are told besides, of what is not here: of telephony, switching, access
// lines, older protocols, web VPNs and the device itself.

// entering are families with modes of their own, as "words=prompt=what the mode
// configures=help".
func entering(list string) []editor.Row[iosconfig.Config] {
	var families []editor.Family
	for item := range strings.SplitSeq(list, "|") {
		part := strings.Split(item, "=")
		families = append(families, editor.Family{Words: part[0], Help: strings.ReplaceAll(part[3], " > ", "|"), Enters: subMode(part[1], part[2])})
	}
	return editor.GlobalTexts(families...)
}

var (
	rangeMode = editor.TextMode("config-time-range", "Time range configuration commands:", editor.Words("absolute=absolute time and date|periodic=periodic time and date"))
	kronMode  = editor.TextMode("config-kron", "Kron configuration commands:", editor.Words("cli=Command line interface|policy-list=Policy list"))
	macMode   = editor.TextMode("config-ext-macl", "Extended MAC Access List configuration commands:", editor.Words("permit=Specify packets to forward|deny=Specify packets to reject|remark=Comment"))
)

// timedTexts stand before what they say when.
var timedTexts = editor.GlobalTexts(
	editor.Family{Words: "time-range", Help: "Define time range entries", Rest: "needed", Enters: rangeMode, Says: withoutEffect},
	editor.Family{Words: "kron", Help: "Kron interval Facility", Rest: "needed", Enters: kronMode},
	editor.Family{Words: "mac access-list", Help: "Global MAC configuration subcommands|Access list", Rest: "needed", Enters: macMode},
	editor.Family{Words: "ip routing", Help: "Enable IP routing", On: true, Rest: "none", Says: func(_ *iosconfig.Config, t *iosconfig.Text) string {
		if strings.HasPrefix(t.Line, "no ") {
			return "% no ip routing: accepted, but packets are routed here all the same"
		}
		return ""
	}},
	editor.Family{Words: "service password-recovery", Help: "Disable password recovery", On: true, Rest: "none"},
)

// deviceWords are of the device.
var deviceWords = editor.GlobalTexts(editor.Worded("config-register=Define the configuration register|security=Infra Security CLIs|secure=Secure image and configuration archival commands|configuration=Configuration access|system=System configuration commands" +
	"|prompt=Set system's prompt|microcode=configure microcode|module=Specify module|switch=Set the switch|software=Software|stack-mac=Stack MAC|partition=Partition device|resource=Configure Embedded Resource Manager (ERM)" +
	"|regexp=regexp commands|scripting=Select options for scripting|shell=Configure shell command|process-max-time=Maximum time for process to run before voluntarily relinquishing processor" +
	"|logging count=Count every log message and timestamp last occurrence|logging history=Configure syslog history table|logging snmp-authfail=Enable logging of SNMP authorization failures|logging cns-events=Set CNS Event logging level" +
	"|logging esm=Set ESM filter restrictions|logging reload=Set reload logging level|logging dmvpn=DMVPN Configuration|logging buginf=Enable buginf logging for debugging|logging file=Set logging file parameters" +
	"|logging filter=Specify logging filter|logging server-arp=Enable sending ARP requests for syslog servers when first configured|logging purge-log=Purge|logging trim=Trim" +
	"|service exec-callback=Enable exec callback|service exec-wait=Delay EXEC startup on noisy lines|service hide-telnet-addresses=Hide destination addresses in telnet command|service old-slip-prompts=Allow old scripts to operate with slip/ppp" +
	"|service prompt=Enable mode specific prompt|service pt-vty-logging=Log significant VTY-Async events|service slave-log=Enable log capability of slave IPs|service telnet-zeroidle=Set TCP window 0 when connection is idle" +
	"|service disable-ip-fast-frag=Disable IP particle-based fast fragmentation|service alignment=Control alignment correction and logging|service decimal-tty=Interpret TTY line numbers in decimal" +
	"|service heartbeat=Modify heartbeat parameters|service private-config-encryption=Enable private config file encryption|service upgrade=Upgrade|service-list mdns-sd=Service list > mDNS|service-routing=Service routing" +
	"|aaa cache=AAA cache definitions|aaa dnis=Associate certain AAA parameters to a specific DNIS number|aaa intercept=Enable intercept|aaa pod=POD processing|aaa password=Configure password/secret related options" +
	"|aaa route=Static route downloading|aaa configuration=Authorization configuration parameters|aaa filter=Filter|aaa policy=AAA policy parameters|enable last-resort=Define enable action if no TACACS servers respond" +
	"|alarm=Configure alarm|alarm-profile=Alarm profile|clock save=backup of clock with NVRAM|cns=CNS agents|cwmp=CPE WAN management protocol|wireless=Configure wireless parameters|nmsp=Network Mobility Services Protocol" +
	"|netconf=Configure NETCONF|network-clock=Network clock|network-clock-participate=Configure network clock participation|network-clock-select=Network clock select|ptp=Precision Time Protocol|dspfarm=Enable DSP farm service|dsp=DSP" +
	"|terminal-queue=Terminal queue commands|busy-message=Display message when connection to host fails|chat-script=Define a modem chat script|modemcap=Modem Capabilities database|backup interface-group=Modify backup parameters > Interface group|umbrella=Umbrella|metadata=Metadata|nls=NLS|cpd=CPD|avc=AVC|utd=UTD")...)

// networkWords are of protocols.
var networkWords = editor.GlobalTexts(editor.Worded("ethernet=Ethernet configuration|mac address-table=Configure the MAC address table|mac-address-table=Configure the MAC address table|mls=mls global commands|auto=Configure Automation|authentication mac-move=Auth Manager Global Configuration Commands > Allow hosts to move|authentication critical=Critical authentication|authentication logging=Logging|authentication timer=Timer" +
	"|dot1x=IEEE 802.1X Global Configuration Commands|epm=EPM|mab=MAC Authentication Bypass|device-sensor=Device Sensor|ip device tracking=IP device tracking > Tracking|ip alias=Alias an IP address to a TCP port|ip arp=IP ARP global configuration" +
	"|ip mroute=Configure static multicast routes|ip msdp=MSDP global commands|ip pim=PIM global commands|ip igmp=IGMP global configuration|ip rsvp=Configure static RSVP information|ip reflexive-list=Reflexive access list" +
	"|ip audit=Intrusion Detection System|ip auth-proxy=Authentication Proxy|ip verify=verify|ip virtual-reassembly=Virtual Reassembly|ip accounting-threshold=Sets the maximum number of accounting entries" +
	"|ip accounting-list=Select hosts for which IP accounting information is kept|ip accounting-transits=Sets the maximum number of transit entries|ip ospf=OSPF global configuration|ip urlfilter=CSIS URL filtering|ip security=Specify system wide security information" +
	"|ip source-track=IP traffic source tracking|ip rtcp=RTCP parameters|ip kerberos=Kerberos configuration|ip host-routing=Enable host-based routing (proxy ARP and redirect)|ip visibility=Visibility|ip mobile=Enable Mobile IP services|ip spd=Selective packet discard" +
	"|ip slb=SLB|ip wccp=Web-Cache Coordination Protocol IPv4 commands|ip port-map=Port to application mapping (PAM) configuration commands|ip route profile=Enable IP routing table profile|ip sap=Session Advertisement Protocol (SAP) global commands" +
	"|ip identd=Ident server|ip hp-host=Enable the HP proxy probe service|ip sdee=Security Device Event Exchange (SDEE)|ip gdoi=Group Domain of Interpretation (GDOI)|ip dhcp limit=DHCP limit|ip dhcp-server=DHCP server|ip dhcp-client=DHCP client" +
	"|ip access-list persistent=Save ACL sequence numbers|ip sla auto=IP SLAs|autonomic=Autonomic networking|fhrp=Configure First Hop Redundancy Protocol|frame-relay=global frame relay configuration commands|isdn=Global ISDN configuration commands" +
	"|clns=Global CLNS configuration subcommands|ipc=Configure IPC system|decnet=Global DECnet configuration subcommands|dlsw=Data Link Switching global configuration commands|cef=Cisco Express Forwarding|x25=X.25 Level 3|x29=X29 commands" +
	"|xconnect=Xconnect config commands|translation-rule=Define telephone number translation rule|translate=Translate global configuration commands|nat64=NAT64 configuration commands|nat66=NAT66 configuration commands|connect=cross-connect two interfaces" +
	"|ccm-manager=Call Manager Application configuration commands|gw-accounting=Enable voip gateway accounting.|virtual-profile=Virtual Profile configuration|vpdn logging=VPDN logging|vpdn search-order=VPDN search order|vpdn multihop=VPDN multihop|vpdn=Virtual Private Dialup Network" +
	"|media-proxy=Media proxy|rtr=RTR|call=Configure Call parameters|bstun=BSTUN global configuration commands|stun=STUN global configuration commands|sgcp=SGCP|zone default=Default zone")...)

// networkModes are those with lines below them.
var networkModes = entering("ip traffic-export=conf-rite=Traffic export=Configure IP traffic export|ip ddns=DDNS-update-method=DDNS update method=Configure dynamic DNS|ip flow-top-talkers=config-flow-top-talkers=Flow top talkers=Configure Top Talkers" +
	"|ip dhcp class=config-dhcp-class=DHCP class=Configure DHCP classes|appfw=cfg-appfw-policy=Application firewall=Configure the Application Firewall policy|application=config-app=Application=Define application|bba-group=config-bba-group=BBA group=Configure BBA Group" +
	"|bridge-domain=config-bdomain=Bridge domain=Bridge-domain global|credentials=config-credentials=Credentials=Configure credentials server|device-tracking=config-device-tracking=Device tracking=Global device-tracking configuration|domain=config-domain=Domain=Domain configuration" +
	"|dspfarm profile=config-dspfarm-profile=DSP farm profile=Define a profile|eap=config-eap-profile=EAP profile=EAP Global Configuration Commands|flow file-export=config-flow-file-export=Flow file export=Flow file export|flow-sampler-map=config-sampler=Sampler=Flow sampler configuration" +
	"|gateway=config-gateway=Gateway=Gateway|identity profile=config-identity-prof=Identity profile=Identity Configuration Commands > Profile|identity policy=config-identity-policy=Identity policy=Policy|l2=config-vfi=L2=Layer 2|l2tp-class=config-l2tp-class=L2TP class=l2tp-class configuration command|ldap=config-ldap-server=LDAP server=Lightweight Directory Access Protocol" +
	"|map-class=config-map-class=Map class=Configure static map class|network-policy profile=config-network-policy=Network policy=Network Policy > Profile|onep=config-onep=ONEP=ONEP functionality|performance monitor=config-perf-mon=Performance monitor=Global Performance Monitor configuration subcommands > Monitor" +
	"|pfr=config-pfr-mc=PfR=Performance Routing configuration submodes|oer=config-oer-mc=OER=Optimized Exit Routing configuration submodes|pnp=config-pnp-init=PnP=Plug-n-Play|sampler=config-sampler=Sampler=Define a Sampler|sccp=config-sccp-ccm=SCCP=SCCP configuration" +
	"|service-template=config-service-template=Service template=Service template|sip-ua=config-sip-ua=SIP user agent=SIP User Agent (UA) configuration commands|stackwise-virtual=config-stackwise-virtual=StackWise Virtual=Enable SVL|table-map=config-tablemap=Table map=Configure Table Map" +
	"|telephony-service=config-telephony=Telephony=Configure call manager/telephony service|transport-map type=config-tmap=Transport map=Configure transport map > Type|trunk group=config-trunk-group=Trunk group=Configure trunk group > Group|utd engine=config-utd-engine=UTD engine=Engine" +
	"|vc-class=config-vc-class=VC class=Configure per-vc parameters|vrrs=config-vrrs=VRRS=Virtual Router Redundancy Service|waas=config-waas=WAAS=Configure WAN Optimization|webvpn=config-webvpn=WebVPN=WebVPN submode|uc=config-uc-wsapi=UC=Unified Communications|wlan=config-wlan=WLAN=Configure WLAN")

// everydayTexts are all of them, in running-config's order.
var everydayTexts = slices.Concat(deviceWords, networkWords, networkModes, timedTexts)
