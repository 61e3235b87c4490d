# Does with scapy's IPsec layer what lines of JSON on standard input ask for, and
# answers each with one.
import json
import sys

from scapy.config import conf

conf.ipv6_enabled = False
from scapy.layers.inet import IP, UDP  # noqa: E402
from scapy.layers.ipsec import ESP, SecurityAssociation  # noqa: E402


def association(q):
    more = {}
    if q["tunnel"]:
        more["tunnel_header"] = IP(src=q["src"], dst=q["dst"])
    if q["udp"]:
        more["nat_t_header"] = UDP(sport=4500, dport=4500)
    return SecurityAssociation(
        ESP, spi=q["spi"], seq_num=q["seq"], crypt_algo=q["encr"], crypt_key=bytes.fromhex(q["encr_key"]),
        auth_algo=q["integ"], auth_key=bytes.fromhex(q["integ_key"]), esn_en=q["esn"], esn=q["high"], **more)


def answer(q):
    sa = association(q)
    packet = IP(bytes.fromhex(q["packet"]))
    if q["do"] == "seal":
        return bytes(sa.encrypt(packet))
    return bytes(sa.decrypt(packet))


for line in sys.stdin:
    q = json.loads(line)
    try:
        a = {"packet": answer(q).hex()}
    except Exception as e:
        a = {"error": "%s: %s" % (type(e).__name__, e)}
    print(json.dumps(a), flush=True)
