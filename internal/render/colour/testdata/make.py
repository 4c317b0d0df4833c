#!/usr/bin/env python3
"""Writes the profiles and the reference colours of this folder: pip install pillow==11.*; python3 make.py

The profiles are written here, byte by byte, after the ICC's specification. What their colours are in sRGB is said by
LittleCMS (in Pillow's ImageCms), relative colorimetric.
"""
import io, math, struct
from PIL import Image, ImageCms

def s15(v): return struct.pack(">i", round(v * 65536))
def xyz(v): return b"XYZ \0\0\0\0" + b"".join(map(s15, v))
def gamma(g): return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(g * 256))
def table(f, n): return b"curv\0\0\0\0" + struct.pack(">I", n) + b"".join(struct.pack(">H", round(65535 * f(i / (n - 1)))) for i in range(n))
def para(kind, *p): return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + b"".join(map(s15, p))
def desc(s): return b"desc\0\0\0\0" + struct.pack(">I", len(s) + 1) + s.encode() + b"\0" + bytes(78)
def mluc(s):
    t = s.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", len(t), 28) + t

def profile(version, space, values):
    body, entries, at = b"", b"", 128 + 4 + 12 * len(values)
    for name, value in values:
        value += bytes(-len(value) % 4)
        entries += name.encode() + struct.pack(">II", at + len(body), len(value))
        body += value
    data = struct.pack(">I", len(values)) + entries + body
    white = s15(0.9642) + s15(1) + s15(0.8249)
    head = struct.pack(">I4sI", 128 + len(data), b"lcms", version << 24) + b"mntr" + space + b"XYZ "
    head += struct.pack(">6H", 2026, 11, 26, 0, 0, 0) + b"acsp" + bytes(28) + white
    return head + bytes(128 - len(head)) + data

def rgb(version, name, primaries, curve):
    text = mluc(name) if version == 4 else desc(name)
    values = [("desc", text), ("cprt", mluc("public domain") if version == 4 else b"text\0\0\0\0public domain\0"),
              ("wtpt", xyz((0.9642, 1, 0.8249)))]
    values += [(c + "XYZ", xyz(p)) for c, p in zip("rgb", primaries)] + [(c + "TRC", curve) for c in "rgb"]
    return profile(version, b"RGB ", values)

def srgb_light(x): return x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4

P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
PROPHOTO = ((0.79767, 0.28804, 0), (0.13519, 0.71188, 0), (0.03134, 0.00009, 0.82491))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
srgb_para = para(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)

profiles = {
    "display-p3-v4": rgb(4, "Display P3", P3, srgb_para),
    "display-p3-v2": rgb(2, "Display P3, of a table", P3, table(srgb_light, 1024)),
    "adobe-rgb-v2": rgb(2, "Adobe RGB (1998)", ADOBE, gamma(563 / 256)),
    "adobe-rgb-v4": rgb(4, "Adobe RGB, of formula 0", ADOBE, para(0, 563 / 256)),
    "prophoto-v4": rgb(4, "ProPhoto", PROPHOTO, para(3, 1.8, 1, 0, 1 / 16, 1 / 32)),
    "bt709-v4": rgb(4, "BT.709, of formula 4", SRGB, para(4, 1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081, 0, 0)),
    "srgb-v4": rgb(4, "sRGB", SRGB, srgb_para),
    "grey-gamma-1.8": profile(2, b"GRAY", [("desc", desc("Grey, gamma 1.8")), ("wtpt", xyz((0.9642, 1, 0.8249))), ("kTRC", gamma(1.8))]),
}
# A chart of 24 fields, some of them as vivid as the space allows.
chart = [(115, 82, 68), (194, 150, 130), (98, 122, 157), (87, 108, 67), (133, 128, 177), (103, 189, 170), (214, 126, 44),
         (80, 91, 166), (193, 90, 99), (94, 60, 108), (157, 188, 64), (224, 163, 46), (56, 61, 150), (70, 148, 73), (175, 54, 60),
         (231, 199, 31), (187, 86, 149), (8, 133, 161), (243, 243, 242), (128, 128, 128), (20, 20, 20), (255, 0, 0), (0, 255, 0),
         (20, 60, 250)]
out = open("patches.csv", "w")
for name, data in profiles.items():
    open(name + ".icc", "wb").write(data)
    source = ImageCms.ImageCmsProfile(io.BytesIO(data))
    target = ImageCms.ImageCmsProfile(io.BytesIO(profiles["srgb-v4"]))
    mode = "L" if name.startswith("grey") else "RGB"
    transform = ImageCms.buildTransform(source, target, mode, "RGB", renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)
    for c in chart:
        if mode == "L":
            c = (c[0],) * 3
        pixel = Image.new(mode, (1, 1), c[0] if mode == "L" else c)
        print(name, *c, *ImageCms.applyTransform(pixel, transform).getpixel((0, 0)), sep=",", file=out)
