package ip

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// Interfaces of other kinds than Ethernet carry no packets here: what stands below
// them is kept.

// lineTypes have an encapsulation that is not Ethernet's.
var lineTypes = []iosconfig.InterfaceType{
	"Serial", "Dialer", iosconfig.VirtualTemplate, "Cellular", "Embedded-Service-Engine", "ATM", "Async", "CEM", "Dot11Radio", "ISM", "LISP",
	"Multilink", "nve", "pseudowire", "Service-Engine", "ucse", "Virtual-Dot11Radio", "Virtual-PPP", "wlan-ap",
}

// onLine says whether an interface is of such a type.
func onLine(i *iosconfig.Interface) bool { return slices.Contains(lineTypes, i.Type) }

// belowLines is a mode of what stands below a line of an interface.
func belowLines(prompt, what, words string) *editor.Mode[iosconfig.Text] {
	return editor.InterfaceTextMode(prompt, what+" configuration commands:", editor.Words(words))
}

var (
	vrrpMode = belowLines("config-if-vrrp", "VRRP", "address=Address or secondary address|description=Group specific description|match-address=Match secondary addresses|preempt=Enable preemption"+
		"|priority=Priority of this VRRP group|shutdown=Disable the group|timers=Set the VRRP timers|track=Event tracking|vrrpv2=VRRPv2 support|vrrs=VRRS|exit-vrrp=Exit from the group")
	instanceMode = belowLines("config-if-srv", "Ethernet EFP", "bridge-domain=Bridge domain|description=Service instance specific description|encapsulation=Encapsulation|l2protocol=Layer 2 protocols"+
		"|rewrite=Rewrite|service-policy=Attach a policy-map|shutdown=Take the service instance out of service|xconnect=Set up a pseudowire|snmp=SNMP|ethernet=Ethernet|mac=MAC")
	xconnectMode = belowLines("config-if-xconn", "Xconnect", "backup=Backup|mtu=MTU|pw-class=Pseudowire class")
	circuitMode  = belowLines("config-if-atm-vc", "ATM virtual circuit", "abr=ABR|cbr=CBR|class-vc=VC class|dialer=Dialer|encapsulation=Encapsulation|ilmi=ILMI|oam-pvc=OAM|pppoe-client=PPPoE|protocol=Protocol"+
		"|service-policy=Attach a policy-map|tx-ring-limit=Ring|ubr=UBR|vbr-nrt=VBR|vbr-rt=VBR|description=Description|ip=IP")
	dlciMode = belowLines("config-fr-dlci", "Frame Relay DLCI", "class=Map class|service-policy=Attach a policy-map|vc-bundle=Bundle")
	ssidMode = belowLines("config-if-ssid", "SSID", "authentication=Authentication|guest-mode=Guest mode|vlan=VLAN")
)

// lineTexts are those of such interfaces alone.
var lineTexts = slices.Concat(interfaceTexts(
	editor.Family{Words: "encapsulation", Help: "Set encapsulation type for an interface", Key: 1},
	editor.Family{Words: "pvc", Help: "Configure ATM PVC parameters", Enters: circuitMode},
	editor.Family{Words: "frame-relay interface-dlci", Help: "Set frame relay parameters|Define a DLCI on an interface or subinterface", Enters: dlciMode},
	editor.Family{Words: "ssid", Help: "Configure radio service set parameters", Enters: ssidMode},
), interfaceTexts(editor.Worded("frame-relay=Set frame relay parameters|atm=Modify ATM parameters|async=Async interface parameters|isdn=ISDN Interface configuration commands|crc=CRC size|framing=Set framing|linecode=Line code"+
	"|cablelength=Cable length|clock source=Clock source|dsl=DSL|pulse-time=Force DTR low during resets|ignore-dcd=Ignore DCD|invert=Invert|compress=Set serial interface for compression"+
	"|pseudowire=Virtual-PPP pseudowire|source-interface=Source interface|member=Member|host-reachability=Host reachability|channel=Radio channel|station-role=Station role|antenna=Antenna"+
	"|lapb=X.25 Level 2 parameters|x25=X.25 Level 3|l2tp=L2TP|half-duplex=Half duplex|physical-layer=Physical layer|transmit-buffers=Transmit buffers")...))

// ethernetTexts are what ports have besides.
var ethernetTexts = slices.Concat(interfaceTexts(
	editor.Family{Words: "keepalive", Help: "Enable keepalive", On: true, Key: 1},
	editor.Family{Words: "mdix", Help: "Set Media Dependent Interface with Crossover", On: true},
	editor.Family{Words: "autostate", Help: "Enable auto-state determination for VLAN", On: true},
	editor.Family{Words: "service instance", Help: "Configure Ether Service|Configure an ether service instance", Enters: instanceMode, Says: saysNothing("it is")},
	editor.Family{Words: "xconnect", Help: "Xconnect commands", Enters: xconnectMode, Says: saysNothing("pseudowires are")},
	editor.Family{Words: "macsec", Help: "Enable macsec on the interface", Says: saysNothing("it is")},
	editor.Family{Words: "crypto ipsec client ezvpn", Help: "Configure a client|Easy VPN", Says: saysNothing("Easy VPN is")},
	editor.Family{Words: "crypto gdoi", Help: "Configure GDOI", Says: saysNothing("GDOI is")},
	editor.Family{Words: "ip arp inspection", Help: "Configure ARP features|Arp Inspection configuration"},
	editor.Family{Words: "ip device tracking", Help: "IP device tracking|Tracking"},
	editor.Family{Words: "ip wccp", Help: "WCCP IPv4 interface commands", Says: saysNothing("WCCP is")},
), interfaceTexts(editor.Worded("storm-control=storm configuration|ethernet=Ethernet interface parameters|mls=mls interface commands|auto qos=Configure Automation > Configure AutoQoS"+
	"|authentication control-direction=Auth Manager Interface Configuration Commands > Set the control-direction on the interface|authentication event=Set action for authentication events|authentication fallback=Enable the Webauth fallback mechanism|authentication host-mode=Set the Host mode for authentication on this interface|authentication linksec=Configure link security parameters|authentication open=Enable or Disable open access on this port"+
	"|authentication order=Add an authentication method to the order list|authentication periodic=Enable or Disable Reauthentication for this port|authentication port-control=Set the port-control value|authentication priority=Add an authentication method to the priority list|authentication timer=Set authentication timer values|authentication violation=Configure action to take on security violations"+
	"|dot1x=Interface Config Commands for IEEE 802.1X|mab=MAC Authentication Bypass Interface Config Commands|access-session=Access Session specific Interface Configuration Commands|dampening=Enable event dampening"+
	"|random-detect=Enable Weighted Random Early Detection (WRED) on an Interface|traffic-shape=Enable Traffic Shaping on an Interface or Sub-Interface|max-reserved-bandwidth=Maximum Reservable Bandwidth on an Interface"+
	"|priority-queue=Configure priority scheduling|srr-queue=Configure shaped round-robin transmit queues|queue-set=Choose a queue set for this queue|macro description=Command macro > Enter a macro description|macro apply=Apply a macro"+
	"|vrrs=VRRS Interface configuration commands|waas=Configure WAN Optimization|nat64=NAT64 interface config commands|performance monitor=Performance monitoring > Monitor|source template=Get config from another source > Template"+
	"|trust device=Set trust value for the interface > Trusted device class|l2protocol=Configure Layer 2 Protocols|backup=Modify backup parameters|timeout=Define timeout values for this interface|rmon=Configure Remote Monitoring on an interface"+
	"|nbar=NBAR|network-policy=Network Policy|device-tracking=Configure device-tracking on the interface|service-module=Service module interface commands"+
	"|custom-queue-list=Assign a custom queue list to an interface|logging ip=IP|ip ddns=Configure dynamic DNS|ip traffic-export=Enable IP traffic export|ip rgmp=Enable/disable RGMP|ip security=DDN IP Security Option"+
	"|ip cgmp=Enable/disable CGMP|ip subscriber=Subscriber|ip urlfilter=URL filter|ip tcp header-compression=Enable TCP header compression|ip dvmrp=DVMRP interface commands|private-vlan=Private VLAN"+
	"|utd=UTD|umbrella=Umbrella|nmsp=NMSP|pos=Packet over SONET|port-type=Port type|stackwise-virtual=StackWise Virtual|mvr=MVR|ptp=PTP|rep=Resilient Ethernet Protocol")...))
