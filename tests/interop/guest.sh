#!/bin/sh
# init of a User Mode Linux guest: a strongSwan peer with kernel ESP. Its root
# is the host's file system, read only. The word folder of the kernel's command
# line, which comes as a variable, is a folder of the host with ip.batch,
# swanctl.conf and strongswan.conf. It then carries out lines from standard
# input, each followed by "=== status".
export PATH=/usr/sbin:/usr/bin:/sbin:/bin STRONGSWAN_CONF=/etc/swanctl/strongswan.conf
mount -t proc proc /proc; mount -t sysfs sys /sys
mount -t tmpfs tmp /run; mount -t tmpfs tmp /tmp
mount -t hostfs none /lib/modules -o /usr/lib/uml/modules
mount -t hostfs none /etc/swanctl -o "$folder"
# All that the suites need at once; then the kernel no longer asks for a module
# by each name that an algorithm might have, for which it starts a process.
modprobe -a esp4 xfrm_user authenc hmac cbc ctr gcm ghash_generic des_generic echainiv seqiv sha512_generic drbg jitterentropy_rng
echo >/proc/sys/kernel/modprobe
ip -batch /etc/swanctl/ip.batch
/usr/lib/ipsec/charon >/run/charon.log 2>&1 &
i=0
until [ -S /run/charon.vici ] || [ $i -ge 600 ]; do sleep 0.1; i=$((i+1)); done
swanctl --load-all >/run/load.log 2>&1 || cat /run/load.log /run/charon.log

stty -echo 2>/dev/null
echo "=== ready"
while read -r line; do
	eval "$line" 2>&1
	echo "=== $?"
done
echo o >/proc/sysrq-trigger
sleep 5
