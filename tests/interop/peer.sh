#!/bin/sh
# init of a User Mode Linux guest: an IKE daemon with kernel ESP, or a plain
# host. Its root is the host's file system, read only, under what the folder of
# the variable peers holds, if there is one: daemons that cannot be installed
# beside each other. folder holds ip.batch and start, a script that starts what
# the guest is for; the agent then obeys lines from standard input. Variables come
# from the kernel's command line.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc; mount -t sysfs sys /sys
mount -t tmpfs tmp /run
mount -t hostfs none /lib/modules -o /usr/lib/uml/modules
modprobe -a overlay ipv6 esp4 esp6 af_key xfrm_user authenc authencesn hmac cbc ctr gcm ghash_generic des_generic md5 echainiv seqiv \
	sha512_generic chacha20poly1305 chacha_generic poly1305_generic ip_gre drbg jitterentropy_rng 2>/dev/null
for i in all default; do echo 0 >/proc/sys/net/ipv6/conf/$i/accept_ra; done 2>/dev/null # what it has is in ip.batch
echo >/proc/sys/kernel/modprobe # all that is needed is there
mkdir -p /run/upper /run/work /run/root /run/peers /run/folder
lower=/
if [ -n "$peers" ]; then
	mount -t hostfs none /run/peers -o "$peers" && lower=/run/peers:/
fi
mount -t overlay overlay -o "lowerdir=$lower,upperdir=/run/upper,workdir=/run/work" /run/root
for d in proc sys; do mount --rbind /$d /run/root/$d; done
mount -t tmpfs tmp /run/root/run
mount -t devtmpfs dev /run/root/dev
mkdir -p /run/root/conf
mount -t hostfs none /run/root/conf -o "$folder"
mkdir -p /run/root/dev/pts && mount -t devpts pts /run/root/dev/pts
cat >/run/loop <<'END'
ip -batch /conf/ip.batch
. /conf/start
stty -echo 2>/dev/null
exec /conf/agent
END
cp /run/loop /run/root/run/loop
chroot /run/root /bin/sh /run/loop
echo o >/proc/sysrq-trigger
sleep 5
