"""URLs that try to lead the client somewhere else, and addresses inside a network."""

CLOUD = "gaussdb.cn-north-4.myhuaweicloud.com"

INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255", "192.0.0.192",
    "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%lo", "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::1",
]  # fmt: skip


def hostile_urls(port):
    """About seventy ways of naming a listener on this machine's `port` while looking harmless."""
    return [
        # This machine, spelled plainly and otherwise.
        f"http://127.0.0.1:{port}", f"https://127.0.0.1:{port}", f"https://localhost:{port}",
        f"https://LOCALHOST:{port}", f"https://127.1:{port}", f"https://127.0.1:{port}",
        f"https://2130706433:{port}", f"https://0x7f000001:{port}", f"https://0x7f.0x0.0x0.0x1:{port}",
        f"https://0177.0.0.1:{port}", f"https://017700000001:{port}", f"https://0:{port}",
        f"https://0.0.0.0:{port}", f"https://[::1]:{port}", f"https://[::]:{port}",
        f"https://[::ffff:127.0.0.1]:{port}", f"https://[::ffff:7f00:1]:{port}",
        f"https://[0:0:0:0:0:ffff:127.0.0.1]:{port}", f"https://127.0.0.1.nip.io:{port}",
        f"https://①②⑦.⓪.⓪.①:{port}", f"https://127。0。0。1:{port}",
        # Metadata services.
        "http://169.254.169.254/latest/meta-data", "https://169.254.169.254", "https://2852039166",
        "https://[fd00:ec2::254]", "https://metadata.google.internal", "https://100.100.100.200",
        # The right host in the wrong place.
        f"https://{CLOUD}@127.0.0.1:{port}", f"https://{CLOUD}:x@127.0.0.1:{port}",
        f"https://{CLOUD}%40127.0.0.1:{port}", f"https://127.0.0.1:{port}#{CLOUD}",
        f"https://127.0.0.1:{port}/{CLOUD}", f"https://127.0.0.1:{port}?{CLOUD}",
        f"https://127.0.0.1:{port}\\@{CLOUD}", f"https://127.0.0.1:{port}#@{CLOUD}",
        f"https://user@{CLOUD}", f"https://user:password@{CLOUD}", f"https://{CLOUD}#@evil.example",
        f"https://{CLOUD}\\@evil.example", f"https://{CLOUD};@evil.example",
        # Almost the right host.
        f"https://{CLOUD}.", f"https://{CLOUD}.evil.example", f"https://{CLOUD}.:{port}",
        f"https://evil{CLOUD}", "https://gaussdb.cn-north-4.myhuaweicloud.com.cn",
        "https://gaussdb.cn-north-4.myhuaweicloud.co", "https://gaussdb.cn-north-4-myhuaweicloud.com",
        "https://gaussdb.cn-north-4.xmyhuaweicloud.com", "https://gaussdb.evil.myhuaweicloud.com",
        "https://obs.cn-north-4.myhuaweicloud.com", "https://gaussdb.myhuaweicloud.com",
        "https://gaussdb.cn-north-4.cn-north-4.myhuaweicloud.com",
        "https://gaussdb.cn-north-4.myhuaweicIoud.net",
        "https://gaussdb.cn-north-4.xn--myhuaweicloud-7yj.com",
        "https://gaussdb.cn-north-4.myhuаweicloud.com", "https://gaussdb_.cn-north-4.myhuaweicloud.com",
        # The right host, approached wrongly.
        f"http://{CLOUD}", f"https://{CLOUD}:{port}", f"https://{CLOUD}:0443", f"https://{CLOUD}:99999",
        f"https://{CLOUD}:", f"https://{CLOUD}:-1", f"https://{CLOUD}/path", f"https://{CLOUD}//",
        f"https://{CLOUD}?a=b", f"https://{CLOUD}#", f" https://{CLOUD}", f"https://{CLOUD}\n",
        f"https://{CLOUD}\r\nHost: evil", f"https:// {CLOUD}", f"https:{CLOUD}", f"https:/{CLOUD}",
        f"https:///{CLOUD}", f"//{CLOUD}", CLOUD, f"ftp://{CLOUD}", f"file://{CLOUD}/etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL", "javascript:alert(1)", "data:,x", "", "https://",
        f"https://{CLOUD}\x00.evil.example", f"https://{CLOUD}\t", "https://" + "a." * 2000 + "com",
    ]  # fmt: skip
