package router

// The UDP ports of IKE.
const (
	portIKE  = 500
	portNATT = 4500 // RFC 3948
)
