"""Makes the images of this folder and, beside each, NAME.expected.png: its pixels as Pillow reads them.

Run with Pillow (made with 9.4.0), in this folder: python3 make.py
What is transparent is laid on white, orientation is applied (ImageOps.exif_transpose), and of 16
bits the upper 8 stay. PNG files are written by hand, as Pillow writes few of their kinds.
"""
import io, struct, zlib
from PIL import Image, ImageOps

W, H = 21, 13


def rgba(w=W, h=H):
    im = Image.new("RGBA", (w, h))
    for y in range(h):
        for x in range(w):
            disc = (x - w * 0.3) ** 2 + (y - h * 0.4) ** 2 < (h * 0.3) ** 2
            color = (230, 60, 40) if disc else (12 * x % 256, 19 * y % 256, (7 * x + 11 * y) % 256)
            im.putpixel((x, y), color + (max(0, min(255, 14 * x - 20)),))
    return im


RGB = rgba().convert("RGB")
GREY = RGB.convert("L")


def expected(name):
    im = Image.open(name)
    im = ImageOps.exif_transpose(im)
    if im.mode.startswith("I"):
        out = Image.new("L", im.size)
        out.putdata([v >> 8 for v in im.getdata()])
    elif "A" in im.mode or "transparency" in im.info:
        grey = name.startswith("grey")
        layer = im.convert("RGBA")
        out = Image.new("RGB", im.size, "white")
        out.paste(layer, mask=layer.split()[3])
        out = out.split()[0] if grey else out
    else:
        out = im.convert("L" if im.mode in ("1", "L") or name.startswith("grey") else "RGB")
    out.save(name + ".expected.png")


# PNG ---------------------------------------------------------------------------------------------


def chunk(kind, body=b""):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def packed(samples, depth):
    if depth == 16:
        return b"".join(struct.pack(">H", s) for s in samples)
    bits = "".join(format(s, "0%db" % depth) for s in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def filtered(rows, bpp):
    """Row y gets filter y % 5."""
    out, before = b"", None
    for y, row in enumerate(rows):
        before = before or bytes(len(row))
        kind, line = y % 5, bytearray()
        for i, v in enumerate(row):
            a = row[i - bpp] if i >= bpp else 0
            b, c = before[i], before[i - bpp] if i >= bpp else 0
            p = a + b - c
            near = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line.append((v - (0, a, b, (a + b) // 2, near)[kind]) % 256)
        out += bytes([kind]) + bytes(line)
        before = row
    return out


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(name, kind, depth, at, w=W, h=H, palette=b"", key=b"", interlace=False, exif=b""):
    """at(x, y) gives the samples of a pixel."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    bpp = max(1, samples * depth // 8)
    data = b""
    for x0, y0, dx, dy in ADAM7 if interlace else [(0, 0, 1, 1)]:
        rows = [
            packed([s for x in range(x0, w, dx) for s in at(x, y)], depth)
            for y in range(y0, h, dy)
            if x0 < w
        ]
        data += filtered(rows, bpp)
    body = struct.pack(">IIBBBBB", w, h, depth, kind, 0, 0, int(interlace))
    with open(name, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", body))
        f.write(chunk(b"PLTE", palette) if palette else b"")
        f.write(chunk(b"tRNS", key) if key else b"")
        f.write(chunk(b"eXIf", exif) if exif else b"")
        f.write(chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND"))
    expected(name)


picture = rgba()
grey = lambda x, y: GREY.getpixel((x, y))
deep = lambda v, x: v * 256 + (37 * x + v) % 256
colors = bytes((i * 37 + c * 91) % 256 for i in range(256) for c in range(3))
for inter in (False, True):
    tail = "-interlaced.png" if inter else ".png"
    for bits in (1, 2, 4, 8):
        png("grey%d%s" % (bits, tail), 0, bits, lambda x, y: [grey(x, y) >> (8 - bits)], interlace=inter)
        png("palette%d%s" % (bits, tail), 3, bits, lambda x, y: [grey(x, y) >> (8 - bits)],
            palette=colors[: 3 << bits], key=bytes((0, 90)) if bits == 4 else b"", interlace=inter)
    png("grey16" + tail, 0, 16, lambda x, y: [deep(grey(x, y), x)], interlace=inter)
    for bits in (8, 16):
        up = (lambda v, x: v) if bits == 8 else deep
        png("rgb%d%s" % (bits, tail), 2, bits, lambda x, y: [up(v, x) for v in picture.getpixel((x, y))[:3]], interlace=inter)
        png("rgba%d%s" % (bits, tail), 6, bits, lambda x, y: [up(v, x) for v in picture.getpixel((x, y))], interlace=inter)
        png("greya%d%s" % (bits, tail), 4, bits, lambda x, y: [up(grey(x, y), x), up(picture.getpixel((x, y))[3], x)], interlace=inter)
png("rgb8-key.png", 2, 8, lambda x, y: picture.getpixel((x, y))[:3], key=struct.pack(">3H", 230, 60, 40))
for w, h in ((1, 1), (2, 3), (5, 1), (3, 9)):
    png("tiny-%dx%d-interlaced.png" % (w, h), 0, 8, lambda x, y: [x * 40 + y * 20], w, h, interlace=True)
turn = Image.Exif()
turn[0x0112] = 6
png("turned.png", 2, 8, lambda x, y: picture.getpixel((x, y))[:3], exif=turn.tobytes()[6:])

# JPEG --------------------------------------------------------------------------------------------


def smooth(w, h):
    im = Image.new("RGB", (w, h))
    im.putdata([(9 * x % 256, 255 - 8 * y, 4 * (x + y)) for y in range(h) for x in range(w)])
    return im


def jpeg(name, im, patch=lambda b: b, **options):
    out = io.BytesIO()
    im.save(out, "JPEG", quality=90, **options)
    with open(name, "wb") as f:
        f.write(patch(out.getvalue()))
    expected(name)


photo = smooth(27, 19)
jpeg("grey.jpg", photo.convert("L"))
jpeg("rgb444.jpg", photo, subsampling=0)
jpeg("rgb422.jpg", photo, subsampling=1)
jpeg("rgb420.jpg", photo, subsampling=2)
jpeg("progressive.jpg", photo, progressive=True)
jpeg("profile.jpg", photo, icc_profile=__import__("PIL.ImageCms").ImageCms.ImageCmsProfile(
    __import__("PIL.ImageCms").ImageCms.createProfile("sRGB")).tobytes())
cmyk = Image.merge("CMYK", [*(c.point(lambda v: 255 - v) for c in photo.split()), photo.convert("L").point(lambda v: v // 3)])
jpeg("cmyk.jpg", cmyk)


def adobe(transform):
    def patch(data):
        at = data.index(b"Adobe")
        return data[: at + 11] + bytes([transform]) + data[at + 12 :]
    return patch


negative = [c.point(lambda v: 255 - v) for c in cmyk.split()]
ycc = Image.merge("RGB", negative[:3]).convert("YCbCr").split()
jpeg("ycck.jpg", Image.merge("CMYK", [*(c.point(lambda v: 255 - v) for c in ycc), cmyk.split()[3]]), adobe(2))
stored_rgb = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0"
jpeg("adobe-rgb.jpg", Image.merge("YCbCr", photo.split()),
     lambda b: b[:2] + stored_rgb + b[20:], subsampling=0)
small = smooth(13, 7)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    jpeg("orientation%d.jpg" % orientation, small, exif=exif.tobytes(), subsampling=0)

# The others --------------------------------------------------------------------------------------


def others(name, im, **options):
    im.save(name, **options)
    expected(name)


few = RGB.quantize(16)
others("palette.gif", few)
others("transparent.gif", few, transparency=3)
others("grey.gif", GREY)
others("animated.gif", few, save_all=True, append_images=[few.rotate(180)])
others("bilevel.bmp", GREY.convert("1"))
others("grey.bmp", GREY)
others("palette.bmp", few)
others("rgb.bmp", RGB)
for mode, im in (("bilevel", GREY.convert("1")), ("grey", GREY), ("palette", few), ("rgb", RGB), ("rgba", picture), ("cmyk", cmyk)):
    others(mode + ".tif", im)
for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits"):
    others(compression + ".tif", RGB, compression=compression)
others("group4.tif", GREY.convert("1"), compression="group4")
others("jpeg.tif", photo, compression="jpeg", quality=90)
sixteen = Image.new("I;16", (W, H))
for y in range(H):
    for x in range(W):
        sixteen.putpixel((x, y), deep(grey(x, y), x))
others("grey16.tif", sixteen)
turned = {274: 8}
others("turned.tif", RGB, tiffinfo=turned)
RGB.transpose(Image.Transpose.ROTATE_90).save("turned.tif.expected.png")  # this Pillow leaves it
others("lossless.webp", RGB, lossless=True)
others("lossless-alpha.webp", picture, lossless=True, exact=True)
others("lossy.webp", photo, quality=90)
soft = photo.copy()
soft.putalpha(Image.linear_gradient("L").resize(photo.size))
others("lossy-alpha.webp", soft, quality=90)
others("turned.webp", RGB, lossless=True, exif=turn.tobytes())
