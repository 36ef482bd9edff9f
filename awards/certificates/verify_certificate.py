"""核验证书: checks a certificate's signature and the revocation list, with nothing but Python's standard library.

用法（Python 3.8 以上，不需要安装任何软件，不需要联网）:
    python3 verify_certificate.py 公钥.json 撤销清单.json 二维码内容

Ed25519 as in RFC 8032, section 5.1.7, written for reading and not for speed; written apart from the portal's own programs.
"""

import base64
import hashlib
import json
import sys

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(p, q):
    """Sum of two points in extended coordinates."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def point_of(data):
    """The point behind 32 bytes, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if len(data) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verifies(public, message, signature):
    if len(signature) != 64:
        return False
    key, first, second = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or first is None or second >= ORDER:
        return False
    number = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(second, BASE), add(first, times(number, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def decode(text):
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def check(keys, revoked, scanned):
    """(verdict, words of the certificate or None); verdicts: valid revoked superseded wrong unknown_key malformed list."""
    content = {key: revoked[key] for key in ("format", "made_at", "revoked", "superseded")}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if revoked["key"] not in keys["keys"] or not verifies(
        decode(keys["keys"][revoked["key"]]), text, decode(revoked["signature"])
    ):
        return "list", None
    try:
        token = [part for part in scanned.strip().split("/") if "." in part][-1]
        first, second = token.split(".")
        payload, signature = decode(first), decode(second)
        form, key, number, version, date, honour, recipient, unit, issuer = json.loads(payload)
    except (ValueError, IndexError):
        return "malformed", None
    words = {
        "编号": number,
        "版本": version,
        "日期": date,
        "荣誉": honour,
        "获得者": recipient,
        "单位": unit,
        "命名单位": issuer,
    }
    if form != "C1":
        return "malformed", None
    if key not in keys["keys"]:
        return "unknown_key", words
    if not verifies(decode(keys["keys"][key]), payload, signature):
        return "wrong", words
    if number in [row[0] for row in revoked["revoked"]]:
        return "revoked", words
    if [number, version] in revoked["superseded"]:
        return "superseded", words
    return "valid", words


SENTENCES = {
    "valid": "签名真实，且不在撤销清单中",
    "revoked": "签名真实，但该荣誉已撤销，证书作废",
    "superseded": "签名真实，但该证书已换发，以新证书为准",
    "wrong": "签名不符：证书内容被改动，或系伪造",
    "unknown_key": "不是由名单中的密钥签发",
    "malformed": "不是证书二维码的内容",
    "list": "撤销清单的签名不符，请重新下载",
}


def main(arguments):
    if len(arguments) != 3:
        sys.stdout.write("用法：python3 verify_certificate.py 公钥.json 撤销清单.json 二维码内容\n")
        return 2
    loaded = []
    for name in arguments[:2]:
        with open(name, encoding="utf-8") as file:
            loaded.append(json.load(file))
    verdict, words = check(loaded[0], loaded[1], arguments[2])
    for label, value in (words or {}).items():
        sys.stdout.write("%s：%s\n" % (label, value))
    sys.stdout.write("结论：%s（撤销清单生成于%s）\n" % (SENTENCES[verdict], loaded[1]["made_at"]))
    return 0 if verdict == "valid" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
