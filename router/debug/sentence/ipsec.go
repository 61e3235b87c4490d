package sentence

// What the key engine says with `debug crypto ipsec`; what it prints in one go is a line and
// those below it.
var (
	KeyEvent      = spoken("IPSEC(key_engine): got a queue event with %d KMI message(s)")
	KeyRequest    = spoken("IPSEC(sa_request): ,")
	KeyNoOld      = spoken("IPSEC(get_old_outbound_sa_for_peer): No outbound SA found for peer %v")
	KeyCreate     = spoken("IPSEC(create_sa): sa created,")
	KeyEnable     = spoken("IPSEC(key_engine_enable_outbound): rec'd enable notify from ISAKMP")
	KeyDelete     = spoken("IPSEC(delete_sa): deleting SA,")
	KeyEnds       = below("  (key eng. msg.) %s local= %v:%d, remote= %v:%d,")
	KeyLocal      = below("    local_proxy= %s,")
	KeyRemote     = below("    remote_proxy= %s,")
	KeyRemoteLast = below("    remote_proxy= %s")
	KeyTransform  = below("    protocol= ESP, transform= %s  (%s), ")
	KeyLifetime   = below("    lifedur= %ds and %dkb, ")
	KeyFlags      = below("    spi= 0x%X(%d), conn_id= %d, keysize= %d, flags= 0x0")
	KeyLifetimes  = below("    sa_lifetime(k/sec)= (%d/%d),")
	KeyIdentity   = below("  (identity) local= %v:0, remote= %v:0,")
	KeySA         = below("  (sa) sa_dest= %v, sa_proto= 50, ")
	KeySPI        = below("    sa_spi= %s, ")
	KeyAlgorithms = below("    sa_trans= %s ")
	KeyAndID      = below("    sa_trans= %s , sa_conn_id= %d")
)
