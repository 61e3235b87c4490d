package shell

import (
	"strings"

	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// What this router has none of answers as an IOS router does that has none of it.
var absentRows = []syntax.Command[exec]{
	{Syntax: "show cdp neighbors [detail]", Help: "|CDP information|CDP neighbor entries|Show detailed information", Set: saying("% CDP is not enabled")},
	{Syntax: "show cdp", Help: "|CDP information", Set: saying("% CDP is not enabled")},
	{Syntax: "show lldp [neighbors]", Help: "|LLDP information|LLDP neighbor entries", Set: saying("% LLDP is not enabled")},
	{Syntax: "show snmp", Help: "|snmp statistics", Set: saying("%SNMP agent not enabled")},
	{Syntax: "show dmvpn [detail]", Help: "|Display DMVPN Sessions information|Detail information", Set: saying()},
	{Syntax: "show ip nhrp [brief]", Help: "||NHRP information|Brief information", Set: saying()},
	{Syntax: "show ip bgp [<rest:line>]", Help: "||BGP information|Arguments", Set: saying("% BGP not active")},
	{Syntax: "show ip {ospf|eigrp} [<rest:line>]", Help: "||OSPF information|IP-EIGRP show commands|Arguments", Set: saying()},
	{Syntax: "show ip route {bgp|eigrp|ospf|rip}", Help: "|||Border Gateway Protocol (BGP)|Enhanced Interior Gateway Routing Protocol (EIGRP)|Open Shortest Path First (OSPF)|Routing Information Protocol (RIP)",
		Set: always(func(x *exec, _ args) show.Screen { return show.RoutesOf(x.d.Routes(""), "none") })},
	{Syntax: "show archive", Help: "|Archive functions", Set: saying("Archive feature not enabled")},
	{Syntax: "show ipv6 protocols", Help: "|IPv6 information|IPv6 Routing Protocols", Set: saying()},
	{Syntax: "show crypto isakmp peers", Help: "|||Show ISAKMP peer structures", Set: saying()},
	{Syntax: "show crypto dynamic-map", Help: "||Crypto map templates", Set: saying("No crypto dynamic map templates found.")},
	{Syntax: "clear crypto isakmp [<id:1-2147483647>]", Help: "||Flush the ISAKMP database|connection id of SA", Set: does(func(*exec) {})},
}

// unsimulatedRows are the commands that do something on a router of Cisco's and nothing
// here. They say so, in words that programs which type take for an error. What follows
// may be a password.
var unsimulatedRows = unsimulated()

func unsimulated() (list []syntax.Command[exec]) {
	for line := range strings.Lines(notSimulated) {
		words, help, found := strings.Cut(strings.TrimSpace(line), " = ")
		if !found {
			continue
		}
		what := strings.Replace(words, " <name:interface>", "", 1)
		refuse := func(*exec, args) error {
			return syntax.Refuse("%% Invalid input detected: %s is not simulated", what)
		}
		before := strings.Repeat("|", strings.Count(words, " "))
		list = append(list, syntax.Command[exec]{Syntax: words + " [<rest:secret-line>]", Help: before + help + "|Arguments", Set: refuse})
	}
	return list
}

// notSimulated has a command in each line, by the words that it begins with, and what
// `?` says of its last word.
const notSimulated = `
	archive = manage archive files
	calendar = Manage the hardware calendar
	call-home = Call-Home commands
	clock read-calendar = Read the hardware calendar into the clock
	clock update-calendar = Update the hardware calendar from the clock
	configure network = Configure from a TFTP network host
	configure revert = Parameters for reverting the configuration
	connect = Open a terminal connection
	crypto = Encryption related commands.
	event = Event related commands
	cd = Change current directory
	format = Format a filesystem
	license = Smart licensing Commands
	lock = Lock the terminal
	login = Log in as a particular user
	mkdir = Create new directory
	guestshell = Guest Shell
	monitor = Monitoring different system events
	request = Request commands
	rename = Rename a file
	rmdir = Remove existing directory
	send = Send a message to other tty lines
	setup = Run the SETUP command facility
	ssh = Open a secure shell client connection
	tclsh = Tool Command Language shell
	telnet = Open a telnet connection
	test = Test subsystems, memory, and interfaces
	verify = Verify a file
	clear bgp = Clear BGP connections
	clear crypto engine = Crypto Engine
	clear crypto ikev2 diagnose = Clear IKEv2 diagnostics
	clear crypto ikev2 sa fast = Clear SAs without telling the peers
	clear crypto ikev2 sa reconnect = Clear reconnect SAs
	clear crypto ikev2 sa psh = Clear SA by its handle
	clear crypto session active = Clear HA-enabled crypto sessions in the active state
	clear crypto session groups = Clear crypto sessions with groups
	clear crypto session isakmp = Clear crypto sessions with ISAKMP
	clear crypto session standby = Clear HA-enabled crypto sessions in the standby state
	clear crypto session username = Clear crypto sessions for a username
	clear host = Delete host table entries
	clear interface = Clear the hardware logic on an interface
	clear ip bgp = Clear BGP connections
	clear ip dhcp server = Clear DHCP server information
	clear ip dhcp subnet = Clear DHCP subnets
	clear ip eigrp = Clear IP-EIGRP
	clear ip nat statistics = Clear translation statistics
	clear ip nhrp = Clear NHRP cache
	clear ip ospf = OSPF clear commands
	clear ip route = Delete route table entries
	debug aaa = AAA Authentication, Authorization and Accounting
	debug condition = Condition
	debug crypto gdoi = Crypto GDOI debug
	debug crypto ha = Crypto High Availability (generic) debug
	debug crypto ikev2 client = Client
	debug crypto ikev2 cluster = IKEv2 Cluster load-balancer debugging
	debug crypto ikev2 packet hexdump = Also hexdumps the packet
	debug crypto ipsec client = Client debug
	debug crypto ipsec error = IPSEC errors debug
	debug crypto ipsec ha = IPSEC High Availability debug
	debug crypto ipsec message = IPSEC message debug
	debug crypto ipsec states = IPSEC states debug
	debug crypto pki = PKI Client
	debug dhcp detail = Include detailed packet content
	debug dmvpn = Dmvpn debugging
	debug interface = interface
	debug ip bgp = BGP information
	debug ip dhcp server class = Class-based address allocation
	debug ip dhcp server linkage = Show radix tree linkage
	debug ip eigrp = IP-EIGRP information
	debug ip error = IP error debugging
	debug ip ospf = OSPF information
	debug ip policy = Policy routing
	debug ip ssh = Incoming ssh connections
	debug ip tcp = TCP information
	debug ip udp = UDP based transactions
	debug nhrp = NHRP protocol
	debug ntp adjust = NTP clock adjustments
	debug ntp authentication = NTP authentication
	debug ntp core = NTP core messages
	debug ntp loopfilter = NTP loop filter
	debug ntp params = NTP clock parameters
	debug ntp refclock = NTP reference clocks
	debug ntp select = NTP clock selection
	debug ntp sync = NTP clock synchronization
	debug ntp validity = NTP peer clock validity
	show ntp information = NTP information
	show ntp packets = NTP packet statistics
	debug platform = Platform information
	debug ppp = PPP (Point to Point Protocol) information
	debug radius = RADIUS protocol
	debug snmp = SNMP information
	debug tunnel = Generic Tunnel Interface
	show aaa = Show AAA values
	show adjacency = Adjacent nodes
	show boot = boot and related environment variable
	show bootvar = Boot and related environment variable
	show archive config = Configuration archive
	show archive log = Configuration logger
	show buffers = Buffer pool statistics
	show calendar = Display the hardware calendar
	show call-home = Show command for call home
	show control-plane = Control Plane
	show class-map = Show QoS Class Map
	show context = Show context information about recent crash(s)
	show controllers = Interface controller status
	show crypto eli = Encryption Layer Interface
	show crypto engine accelerator = Show crypto accelerator info
	show crypto engine brief = Show all crypto engines in the system
	show crypto engine connections dh = Show active DH connections
	show crypto engine connections flow = Show active flow connections
	show crypto engine configuration = Show crypto engine config
	show crypto gdoi = Show crypto gdoi
	show crypto gkm = Show crypto gkm
	show crypto ha = Crypto High Availability information
	show crypto identity = Show crypto identity list
	show crypto ikev2 authorization = Author policy
	show crypto ikev2 certificate-cache = Show certificates in ikev2 certificate-cache
	show crypto ikev2 client = Show Client Status
	show crypto ikev2 stats detailed = Shows detailed statistics
	show crypto ikev2 stats reset = Shows what has been reset
	show crypto ikev2 stats ext-service = Shows external service statistics
	show crypto ikev2 stats priority-queue = Shows priority queue statistics
	show crypto ikev2 stats timeout = Shows timeout statistics
	show crypto ipsec client = Show Client Status
	show crypto ipsec default = Show default transform sets
	show crypto ipsec policy = Show IPSEC client policies
	show crypto ipsec spi-lookup = SPI lookup table
	show crypto ipsec sa active = HA-enabled Active SAs
	show crypto ipsec sa inactive = Inactive SAs
	show crypto ipsec sa spi = SA by SPI
	show crypto ipsec sa platform = Show platform details
	show crypto ipsec sa standby = HA-enabled Standby SAs
	show crypto isakmp default = Show default ISAKMP policies
	show crypto isakmp diagnose = Diagnostic options
	show crypto isakmp key = Show ISAKMP preshared keys
	show crypto isakmp policy = Show ISAKMP protection suite policy
	show crypto isakmp profile = Show ISAKMP profiles
	show crypto isakmp stats = Show ISAKMP Stats
	show crypto key pubkey-chain = Show peer public keys
	show crypto mib = Show Crypto-related MIB Parameters
	show crypto pki counters = Show PKI Counters
	show crypto pki server = Show Certificate Server
	show crypto pki sessions = Show PKI Sessions
	show crypto pki timers = Show PKI Timers
	show crypto ruleset = Show crypto rules on outgoing packets
	show crypto session active = Show HA-enabled crypto sessions in the active state
	show crypto session groups = Show crypto sessions with group
	show crypto session isakmp = Show crypto sessions with ISAKMP
	show crypto session standby = Show HA-enabled crypto sessions that are in the standby state
	show crypto session summary = Show crypto sessions summary
	show crypto session username = Show crypto sessions for a username
	show crypto tech-support = Displays relevant crypto information
	show crypto vlan = Crypto Vlan Show commands
	show diag = Show diagnostic information for port adapters/modules
	show environment = Environmental monitor statistics
	show etherchannel = EtherChannel information
	show event = Embedded event related commands
	show interfaces counters = Show interface counters
	show interfaces irb = Show interface routing/bridging info
	show interfaces stats = Show interface packets & octets, in & out, by switching path
	show interfaces status = Show interface line status
	show interfaces switchport = Show interface switchport information
	show interfaces trunk = Show interface trunk information
	show interfaces <name:interface> counters = Show interface counters
	show interfaces <name:interface> stats = Show interface packets & octets, in & out, by switching path
	show interfaces <name:interface> status = Show interface line status
	show interfaces <name:interface> switchport = Show interface switchport information
	show interfaces <name:interface> trunk = Show interface trunk information
	show ip cef = Cisco Express Forwarding
	show ip dhcp database = DHCP database agents
	show ip dhcp import = Show Imported Parameters
	show ip dhcp relay = Show DHCP relay information
	show ip dhcp server = Show DHCP server information
	show ip http = HTTP information
	show ip ports = IP port information
	show ip prefix-list = List IP prefix lists
	show ip sla = IP Service Level Agreement (SLA)
	show ip sockets = Open IP sockets
	show ip ssh = Information about SSH
	show key = Key information
	show license = Show license information
	show logging last = Show last number of lines of the syslog buffer
	show logging process = Logs of a process
	show logging history = Show the contents of syslog history table
	show logging onboard = Onboard logging information
	show mac = MAC configuration
	show memory = Memory statistics
	show monitor = Monitoring different system events
	show netconf-yang = Show netconf-yang information
	show platform = Show platform information
	show policy-map = Show QoS Policy Map
	show processes cpu history = CPU history in graph format
	show processes cpu platform = Show CPU use per IOS-XE process
	show processes memory = Show memory use per process
	show redundancy = Redundancy Facility (RF) information
	show region = Region Manager Status
	show route-map = route-map information
	show running-config view = View options
	show running-config partition = Configuration corresponding a partition
	show sdwan = SD-WAN information
	show spanning-tree = Spanning tree topology
	show ssh = Status of SSH server connections
	show stacks = Process stack utilization
	show standby delay = Group initialisation delay
	show standby internal = Internal HSRP information
	show standby neighbors = HSRP neighbors
	show standby redirect = HSRP ICMP redirect information
	show tcp = Status of TCP connections
	show tunnel = Show configured tunnels
	show udp = UDP statistics
	show vlan = VTP VLAN status
	show vrrp = VRRP information
	terminal databits = Set number of data bits per character
	terminal editing = Enable command line editing
	terminal escape-character = Change the current line's escape character
	terminal exec = Configure EXEC
	terminal full-help = Provide help to unprivileged user
	terminal international = Enable international 8-bit character support
	terminal ip = IP options
	terminal notify = Inform users of output from concurrent sessions
	terminal speed = Set the transmit and receive speeds
	terminal terminal-type = Set the terminal type
	terminal transport = Define transport protocols for line
`
