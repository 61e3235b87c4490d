#!/bin/sh
# init of a User Mode Linux guest: a strongSwan peer with kernel ESP. Its root
# is the host's file system, read only. Words of the kernel's command line set
# me, peer, inner, rinner, ike, esp and dpd. It then carries out lines from standard
# input, each followed by "=== status".
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc; mount -t sysfs sys /sys
mount -t tmpfs tmp /run; mount -t tmpfs tmp /tmp
mount -t hostfs none /lib/modules -o /usr/lib/uml/modules
for v in $(cat /proc/cmdline); do
	case $v in me=*|peer=*|inner=*|rinner=*|ike=*|esp=*|dpd=*) export "$v" ;; esac
done
for m in esp4 gcm authenc cbc ctr des_generic xfrm_user echainiv seqiv sha1_generic sha256_generic sha512_generic; do
	modprobe $m 2>/dev/null
done
ip link set lo up; ip addr add $inner/32 dev lo
ip addr add $me/24 dev eth0; ip link set eth0 up
ip route add $rinner dev eth0 src $inner

mount -t tmpfs tmp /etc/swanctl
mkdir -p /etc/swanctl/x509 /etc/swanctl/x509ca
cat >/etc/swanctl/swanctl.conf <<CONF
connections {
  c {
    version = 2
    mobike = no
    local_addrs = $me
    remote_addrs = $peer
    proposals = $ike
    dpd_delay = $dpd
    local { auth = psk
      id = $me }
    remote { auth = psk
      id = $peer }
    children { t {
      local_ts = $inner/32
      remote_ts = $rinner/32
      esp_proposals = $esp
      } }
  }
}
secrets { ike-1 { secret = interop } }
CONF
cat >/run/strongswan.conf <<CONF
charon {
  load_modular = yes
  install_routes = no
  plugins { include /etc/strongswan.d/charon/*.conf
    kernel-libipsec { load = no }
  }
  filelog { stderr { default = 1 } }
}
CONF
STRONGSWAN_CONF=/run/strongswan.conf /usr/lib/ipsec/charon >/run/charon.log 2>&1 &
i=0
until swanctl --load-all >/run/load.log 2>&1 || [ $i -ge 100 ]; do sleep 0.1; i=$((i+1)); done
[ $i -lt 100 ] || cat /run/load.log /run/charon.log

stty -echo 2>/dev/null
echo "=== ready"
while read -r line; do
	eval "$line" 2>&1
	echo "=== $?"
done
echo o >/proc/sysrq-trigger
sleep 5
