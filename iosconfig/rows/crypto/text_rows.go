package crypto

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// What else stands below `crypto`: IKEv1, which is out of scope, and what is not
// there yet. It is kept as text, and what a tunnel may depend on says so.

var (
	isakmpPolicyMode = editor.TextMode("config-isakmp", "ISAKMP commands:", editor.Words(
		"encryption=Set encryption algorithm for protection suite|hash=Set hash algorithm for protection suite|authentication=Set authentication method for protection suite"+
			"|group=Set the Diffie-Hellman group|lifetime=Set lifetime for ISAKMP security association|encr=Set encryption algorithm"))
	isakmpProfileMode = editor.TextMode("conf-isa-prof", "Crypto ISAKMP Profile commands:", editor.Words(
		"match=Match values of peer|keyring=Specify keyring to use|self-identity=Specify Identity to use|vrf=Specify the VRF it is related to|local-address=Interface or IP address|keepalive=Set a keepalive interval"+
			"|client=Specify client configuration settings|isakmp=ISAKMP|accounting=Enable AAA Accounting|ca=Specify certificate authorities to trust|virtual-template=Specify the virtual-template for dynamic interface creation|initiate=Initiate|description=Description|qos-group=QoS group"))
	groupMode = editor.TextMode("config-isakmp-group", "ISAKMP group policy config commands:", editor.Words(
		"!key=pre-shared key/IKE password|pool=Set name of address pool|acl=Specify split tunneling inclusion access-list number|dns=Specify DNS Addresses|domain=Set default domain name|netmask=netmask|save-password=Save|max-users=Maximum users|split-dns=DNS name|wins=WINS|banner=Banner"))
	oldKeyringMode = editor.TextMode("conf-keyring", "Crypto Keyring commands:", editor.Words(
		"!pre-shared-key=Specify a pre-shared key to use|rsa-pubkey=Define a RSA manual key|local-address=Interface or IP address|description=Specify a description of this keyring"))
	certificatePoolMode = editor.TextMode("config-cert-pool", "Certificate pool configuration commands:", editor.Words("cabundle=Where the certificates are|certificate=A certificate"))
	pkiServerMode       = editor.TextMode("cs-server", "Certificate Server configuration commands:", editor.Words(
		"issuer-name=Issuer name|grant=Certificate granting options|hash=Hash algorithm|lifetime=Lifetime parameters|database=Certificate Server database config parameters|shutdown=Shutdown the Certificate Server|cdp-url=CRL Distribution Point to be included in the issued certs|auto-rollover=Rollover|mode=Mode|redundancy=Redundancy"))
	chainMode = editor.TextMode("config-cert-chain", "Certificate chain configuration commands:", []editor.Below{
		{Word: "certificate", Help: "Certificate, as hexadecimal digits up to a line that says quit", Ends: "quit"}})
	clientMode = editor.TextMode("config-ikev2-flexvpn", "FlexVPN client configuration commands:", editor.Words(
		"peer=Peer|client=Client|connect=Connect mode|source=Source|backup=Backup|mode=Mode"))
	manglerMode = editor.TextMode("config-ikev2-name-mangler", "IKEv2 name mangler commands:", editor.Words("dn=DN|eap=EAP|email=email|fqdn=FQDN|address=address"))
	ezvpnMode   = editor.TextMode("config-crypto-ezvpn", "Easy VPN client commands:", editor.Words(
		"connect=Connect mode|!group=Group|mode=Mode|peer=Peer|username=User|xauth=Extended authentication|acl=Access-list|virtual-interface=Virtual interface|local-address=Local address"))
	groupDOIMode   = editor.TextMode("config-gkm-group", "GDOI group configuration commands:", editor.Words("identity=Identity|server=Server|client=Client|passive=Passive"))
	dynamicMapMode = editor.TextMode("config-crypto-map", "Crypto Map configuration commands:", editor.Words(
		"set=Set values for encryption/decryption|match=Match values|reverse-route=Reverse Route Injection.|description=Description of the crypto map statement policy|qos=Quality of Service"))
)

var (
	enrollProfileMode = editor.TextMode("ca-profile-enroll", "Certificate enrollment profile commands:", editor.Words(
		"authentication=Authentication|enrollment=Enrollment|grant=Grant|parameter=Parameter|credential=Credential"))
	chainOfKeysMode = editor.TextMode("config-pubkey-chain", "Public key chain commands:", editor.Words("addressed-key=Key of an address|named-key=Key of a name"))
	sslMode         = editor.TextMode("config-crypto-ssl", "SSL commands:", editor.Words(
		"protection=Cipher suite|ssl=SSL|pki=PKI|ip=IP|match=Match|aaa=AAA|authentication=Authentication|pool=Pool|netmask=Netmask|dns=DNS|shutdown=Shut down|max-users=Maximum users"))
)

// saysIKEv1 is told once, whatever line of IKEv1 there is.
func saysIKEv1(*iosconfig.Config, *iosconfig.Text) string {
	return "% crypto isakmp: accepted, but IKEv1 is not spoken here: tunnels need an IKEv2 profile"
}

func saysKept(what string) func(*iosconfig.Config, *iosconfig.Text) string {
	return func(*iosconfig.Config, *iosconfig.Text) string { return "% " + what }
}

const (
	noServer  = "crypto pki server: accepted, but no router signs certificates here: an authority of the topology file does"
	noFlex    = "crypto ikev2 client configuration: accepted, but without effect here"
	noMaps    = "crypto dynamic-map: accepted, but there are no dynamic maps here"
	noSixMaps = "crypto map ipv6: accepted, but crypto maps protect no IPv6 here: tunnels of IPv6 have `tunnel mode ipsec ipv6`"
	noGDOI    = "crypto gdoi: accepted, but without effect here"
	noSSL     = "crypto ssl: accepted, but there are no SSL VPNs here"
	noJump    = "crypto ipsec ipv4-deny: accepted, but what a line denies is not protected here, whatever it says"
	noEzVPN   = "crypto ipsec client ezvpn: accepted, but without effect here"
)

var textRows = editor.GlobalTexts(
	editor.Family{Words: iosconfig.CertificateChains, Help: "|Public Key components|Certificate|Identify certificates", Rest: "needed", Enters: chainMode, Acted: true},
	editor.Family{Words: "crypto pki certificate storage", Help: "Certificate storage"},
	editor.Family{Words: "crypto pki certificate pool", Help: "Certificates of the CA trustpool", Enters: certificatePoolMode},
	editor.Family{Words: "crypto pki server", Help: "Enable IOS Certificate server", Rest: "needed", Enters: pkiServerMode, Says: saysKept(noServer)},
	editor.Family{Words: "crypto pki token", Help: "Configure cryptographic token"},
	editor.Family{Words: "crypto pki trustpool", Help: "Define CA trustpool", Enters: pkiServerMode},
	editor.Family{Words: "crypto ca certificate chain", As: "crypto pki certificate chain", Help: "Certificate|Identify certificates", Rest: "needed", Enters: chainMode, Acted: true},
	editor.Family{Words: "crypto pki profile enrollment", Help: "Define a profile|Enrollment profile", Rest: "needed", Enters: enrollProfileMode, Says: saysKept("crypto pki profile enrollment: accepted, but without effect here")},
	editor.Family{Words: "crypto key pubkey-chain", Help: "Long term key operations|Peer public key chain management", Enters: chainOfKeysMode},
	editor.Family{Words: "crypto ssl", Help: "Configure Crypto SSL Options", Enters: sslMode, Says: saysKept(noSSL)},
	editor.Family{Words: "crypto xauth", Help: "X-Auth parameters", Says: saysIKEv1},
	editor.Family{Words: "crypto ctcp", Help: "Configure cTCP encapsulation", Says: saysIKEv1},
	editor.Family{Words: "crypto logging ezvpn", Help: "|EzVPN logging"},
	editor.Family{Words: "crypto ipsec ipv4-deny", Help: "IPv4 deny", Says: saysKept(noJump)},
	editor.Family{Words: "crypto ipsec server", Help: "Configure a server", Says: saysKept(noEzVPN)},
	editor.Family{Words: "crypto ipsec nat-transparency spi-matching", Help: "Match inbound SPI to outbound SPI for NAT Transparency"},
	editor.Family{Words: "crypto ikev2 reconnect key", Help: "IKEv2 reconnect|Key", Rest: "secret", Says: saysKept("crypto ikev2 reconnect: accepted, but without effect here")},
	editor.Family{Words: "crypto engine", Help: "Enter a crypto engine configurable menu"},
	editor.Family{Words: "crypto call", Help: "Configure Crypto Call Admission Control"},
	editor.Family{Words: "crypto mib", Help: "Configure Crypto-related MIB Parameters"},
	editor.Family{Words: "crypto vpn", Help: "VPN parameters"},
	editor.Family{Words: "crypto identity", Help: "Enter a crypto identity list", Enters: manglerMode},
	editor.Family{Words: "crypto ikev2 client configuration", Help: "Configuration group", Enters: clientMode, Says: saysKept(noFlex)},
	editor.Family{Words: "crypto ikev2 name-mangler", Help: "Name mangler", Enters: manglerMode},
	editor.Family{Words: "crypto ikev2 certificate-cache", Help: "Cache for storing certs fetched from HTTP URLs", Key: 1},
	editor.Family{Words: "crypto ikev2 disconnect-revoked-peers", Help: "Disconnect peers whose certificates are revoked"},
	editor.Family{Words: "crypto keyring", Help: "Key ring commands", Rest: "needed", Enters: oldKeyringMode, Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp policy", Help: "Configure ISAKMP policy|Set policy for an ISAKMP protection suite", Rest: "needed", Enters: isakmpPolicyMode, Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp key", Help: "Set pre-shared key for remote peer", Rest: "secret", Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp profile", Help: "Define ISAKMP Profiles", Rest: "needed", Enters: isakmpProfileMode, Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp client", Help: "Set client configuration policy", Enters: groupMode, Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp keepalive", Help: "Set a keepalive interval for use with IOS peers", Key: 1, Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp identity", Help: "Set the identity which ISAKMP will use", Key: 1, Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp nat", Help: "Set a nat keepalive interval for use with IOS peers", Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp aggressive-mode", Help: "Disable ISAKMP aggressive mode", Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp enable", Help: "Enable ISAKMP", On: true, Says: saysKept("no crypto isakmp enable: accepted, but IKEv2 stays enabled here")},
	editor.Family{Words: "crypto isakmp peer", Help: "Set Peer Policy", Enters: groupMode, Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp xauth", Help: "Set Extended Authentication values", Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp fragmentation", Help: "IKE Fragmentation enabled if required", Says: saysIKEv1},
	editor.Family{Words: "crypto isakmp diagnose", Help: "Diagnose errors"},
	editor.Family{Words: "crypto isakmp default", Help: "Default policies", On: true},
	editor.Family{Words: "crypto ipsec client ezvpn", Help: "Configure IPSEC policy|Configure a client|Easy VPN", Rest: "needed", Enters: ezvpnMode, Says: saysKept(noEzVPN)},
	editor.Family{Words: "crypto ipsec optional", Help: "Enable optional encryption for IPSec"},
	editor.Family{Words: "crypto map ipv6", Help: "Enter a crypto map|IPv6 crypto map", Rest: "needed", Enters: dynamicMapMode, Says: saysKept(noSixMaps)},
	editor.Family{Words: "crypto dynamic-map", Help: "Specify a dynamic crypto map template", Rest: "needed", Enters: dynamicMapMode, Says: saysKept(noMaps)},
	editor.Family{Words: "crypto gdoi", Help: "Configure GKM Policy", Enters: groupDOIMode, Says: saysKept(noGDOI)},
	editor.Family{Words: "crypto gkm", Help: "Configure GKM Policy", Enters: groupDOIMode, Says: saysKept(noGDOI)},
	editor.Family{Words: "crypto provisioning", Help: "Secure Device Provisioning", Enters: pkiServerMode},
	editor.Family{Words: "crypto wui", Help: "Crypto HTTP configuration interfaces"},
)
