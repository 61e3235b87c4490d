"""Makes the two routers of Cisco's tech note of bare ones, by Netmiko: R1 by SSH, R2 by telnet.

    python3 site.py [PORT-OF-R1-SSH PORT-OF-R2-TELNET]
"""
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from netmiko import ConnectHandler

NOTE = (Path(__file__).parent / "note.j2").read_text()


def connect(kind, port, user):
    return ConnectHandler(device_type=kind, host="127.0.0.1", port=port, username=user, password="cisco", secret="lab", fast_cli=True, global_delay_factor=0.5)


def configure(router, n, peer):
    router.enable()
    assert router.find_prompt() == f"R{n}#", router.find_prompt()
    lines = NOTE.replace("{{ n }}", str(n)).replace("{{ peer }}", str(peer)).splitlines()
    lines += [f"ip route 192.168.{peer}.1 255.255.255.255 Tunnel0", "interface Ethernet0/0", " description " + "to the peer " * 12, " no shutdown"]
    said = router.send_config_set(lines)
    assert "%" not in said, said
    assert router.find_prompt() == f"R{n}#", router.find_prompt()
    saved = router.save_config()
    assert "[OK]" in saved, saved
    running = router.send_command("show running-config")
    for line in lines[:-1]:
        assert line.strip() in running, line
    assert running.rstrip().endswith("end"), running


def main(first=10001, second=11002):
    with ThreadPoolExecutor() as pool:
        r1, r2 = pool.map(connect, ("cisco_ios", "cisco_ios_telnet"), (first, second), ("admin", "operator"))
        assert r2.find_prompt() == "R2>", r2.find_prompt()
        list(pool.map(configure, (r1, r2), (1, 2), (2, 1)))
    for _ in range(120):
        session = r1.send_command("show crypto session")
        if "UP-ACTIVE" in session:
            break
        time.sleep(0.5)
    assert "UP-ACTIVE" in session, session
    pinged = r1.send_command("ping 192.168.2.1 source Loopback0")
    assert "!!!!!" in pinged, pinged
    refused = r1.send_command("show nonsense")
    assert "% Invalid input" in refused, refused
    r1.disconnect()
    r2.disconnect()
    print("the tunnel carries")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
