package org.fastai4j.io;

import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A PNG decoder that is made once and used for many files, by one thread.
 *
 * <p>{@link #open} checks the whole file (lengths, checksums, header) and tells its size; {@link
 * #decode} then writes the pixels, 8 bits each, as {@code [height, width, channels]}. It reads
 * every color type of every depth, interlaced or not; of 16 bits the upper 8 stay. Nothing is
 * allocated before the header is known to be sane, and never more than the header implies is
 * inflated.
 *
 * <p>Whatever is wrong with a file, the answer is a {@link FormatException}.
 */
public final class PngDecoder implements AutoCloseable {
  /** Four channels of more pixels do not fit in an array. */
  private static final int MOST_PIXELS = (1 << 29) - 8;

  /**
   * The most pixels an image may have: 134 million, or what the system property {@code
   * fastai4j.maxPixels} says, up to 537 million.
   */
  public static final int MAX_PIXELS = maxPixels(Long.getLong("fastai4j.maxPixels", 1 << 27));

  /** The scratch memory that is kept from one image to the next. */
  private static final int KEPT = 1 << 24;

  /** Deflate cannot shrink anything further than this. */
  private static final long MAX_RATIO = 1032;

  static final int GREY = 0;
  static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  /** A part of the image that is stored as an image of its own: every dx-th pixel from x on. */
  private record Pass(int x, int y, int dx, int dy) {
    int width(int whole) {
      return (whole - x + dx - 1) / dx;
    }

    int height(int whole) {
      return (whole - y + dy - 1) / dy;
    }
  }

  private static final List<Pass> WHOLE = List.of(new Pass(0, 0, 1, 1));
  private static final List<Pass> ADAM7 =
      List.of(
          new Pass(0, 0, 8, 8),
          new Pass(4, 0, 8, 8),
          new Pass(0, 4, 4, 8),
          new Pass(2, 0, 4, 4),
          new Pass(0, 2, 2, 4),
          new Pass(1, 0, 2, 2),
          new Pass(0, 1, 1, 2));

  private final Inflater inflater = new Inflater();
  private final CRC32 crc = new CRC32();
  private byte[] raw = new byte[0];

  private byte[] file = raw;
  private int end;
  private int width;
  private int height;
  private int depth;
  private int colorType;
  private boolean interlaced;
  private int palette;
  private int paletteSize;
  private int transparency;
  private int transparencySize;
  private int firstData;
  private int exif;

  /** Checks the first {@code length} bytes of {@code data}, which must stay as they are. */
  public PngDecoder open(byte[] data, int length) {
    Objects.checkFromIndexSize(0, length, data.length);
    file = data;
    end = length;
    if (!Png.isPng(data, length)) {
      throw new FormatException("not a PNG file");
    }
    if (length < Png.SIGNATURE_LENGTH + 25) {
      throw endsEarly(Png.SIGNATURE_LENGTH + 25 + 12 + 12);
    }
    readHeader(Png.SIGNATURE_LENGTH);
    readChunks(Png.SIGNATURE_LENGTH + 25);
    return this;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  public int channels() {
    boolean keyed = transparencySize > 0;
    return switch (colorType) {
      case GREY -> keyed ? 2 : 1;
      case GREY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> keyed ? 4 : 3;
    };
  }

  /** Where in the opened file its EXIF data begin; 0: it has none. */
  public int exif() {
    return exif;
  }

  /** Writes the pixels of the opened file, {@code height * width * channels} bytes. */
  public void decode(byte[] target, int offset) {
    Objects.checkFromIndexSize(offset, height * width * channels(), target.length);
    int bpp = Math.max(1, samples() * depth / 8);
    inflate((int) inflatedSize());
    if (depth == 8 && colorType != PALETTE && transparencySize == 0 && !interlaced) {
      unfilter(raw, 0, height, stride(width), bpp, target, offset);
    } else {
      int in = 0;
      for (Pass pass : passes()) {
        int w = pass.width(width);
        int h = pass.height(height);
        if (w > 0 && h > 0) {
          int stride = stride(w);
          byte[] packed = new byte[stride * h];
          unfilter(raw, in, h, stride, bpp, packed, 0);
          expand(packed, pass, target, offset);
          in += (stride + 1) * h;
        }
      }
    }
    if (raw.length > KEPT) {
      raw = new byte[0];
    }
  }

  @Override
  public void close() {
    inflater.end();
  }

  private int samples() {
    return switch (colorType) {
      case RGB -> 3;
      case GREY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  private List<Pass> passes() {
    return interlaced ? ADAM7 : WHOLE;
  }

  private int stride(int width) {
    return (int) (((long) width * samples() * depth + 7) / 8);
  }

  /** The bytes of all rows, each with its filter in front. */
  private long inflatedSize() {
    long size = 0;
    for (Pass pass : passes()) {
      int w = pass.width(width);
      size += w > 0 ? (stride(w) + 1L) * pass.height(height) : 0;
    }
    return size;
  }

  private void readHeader(int at) {
    if (int32(at) != 13 || int32(at + 4) != Png.IHDR) {
      throw new FormatException("PNG header chunk is missing");
    }
    checkCrc(at, 13);
    width = int32(at + 8);
    height = int32(at + 12);
    depth = file[at + 16] & 0xFF;
    colorType = file[at + 17] & 0xFF;
    interlaced = file[at + 20] == 1;
    if (width < 1 || height < 1) {
      throw new FormatException(
          "PNG header gives an impossible size of %d x %d".formatted(width, height));
    }
    checkPixels(width, height);
    boolean known =
        switch (colorType) {
          case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case RGB, GREY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!known || file[at + 18] != 0 || file[at + 19] != 0 || (file[at + 20] & 0xFE) != 0) {
      throw new FormatException(
          "PNG header has an unknown kind (color type %d, %d bits, compression %d, filter %d,"
                  .formatted(colorType, depth, file[at + 18], file[at + 19])
              + " interlace %d)".formatted(file[at + 20]));
    }
  }

  /**
   * Fails if an image has more pixels than {@link #MAX_PIXELS}, which guards memory against
   * photographs and headers that promise too much.
   */
  public static void checkPixels(int width, int height) {
    long pixels = (long) width * height;
    if (pixels > MOST_PIXELS) {
      throw new FormatException(
          ("it is %d x %d pixels (width x height), %d in all and more than the %d that can be read"
                  + " here; make it smaller, or cut it in pieces")
              .formatted(width, height, pixels, MOST_PIXELS));
    }
    if (pixels > MAX_PIXELS) {
      throw new FormatException(
          ("it is %d x %d pixels (width x height), %d in all and more than the limit of %d; make it"
                  + " smaller, or raise the limit with -Dfastai4j.maxPixels=%d")
              .formatted(width, height, pixels, MAX_PIXELS, pixels));
    }
  }

  /** The limit that is kept where {@code wanted} is asked for. */
  static int maxPixels(long wanted) {
    return (int) Math.max(0, Math.min(wanted, MOST_PIXELS));
  }

  private void readChunks(int start) {
    exif = 0;
    palette = 0;
    paletteSize = 0;
    transparency = 0;
    transparencySize = 0;
    firstData = 0;
    long dataSize = 0;
    int previous = Png.IHDR;
    int at = start;
    int type;
    do {
      int size = chunkSize(at);
      type = int32(at + 4);
      switch (type) {
        case Png.IDAT -> {
          checkCrc(at, size);
          if (firstData == 0) {
            firstData = at;
          } else if (previous != Png.IDAT) {
            throw new FormatException(
                "PNG data is not in one piece (second part at byte " + at + ")");
          }
          dataSize += size;
        }
        case Png.PLTE -> {
          checkCrc(at, size);
          palette = at + 8;
          paletteSize = size / 3;
        }
        case Png.TRNS -> {
          checkCrc(at, size);
          transparency = at + 8;
          transparencySize = (colorType & 4) == 0 ? size : 0; // those with alpha need none
        }
        case Png.EXIF -> exif = at + 8;
        case Png.IEND -> checkCrc(at, size);
        default -> {
          boolean critical = (type & 0x20000000) == 0;
          if (critical) {
            throw new FormatException(
                "PNG has an unknown chunk 0x%08X at byte %d".formatted(type, at));
          }
        }
      }
      previous = type;
      at += 12 + size;
    } while (type != Png.IEND);
    checkWhole(dataSize);
  }

  private void checkWhole(long dataSize) {
    if (firstData == 0) {
      throw new FormatException("PNG has no pixel data");
    }
    if (colorType == PALETTE && paletteSize == 0) {
      throw new FormatException("PNG has a palette type but no palette");
    }
    if ((colorType == GREY && transparencySize != 0 && transparencySize != 2)
        || (colorType == RGB && transparencySize != 0 && transparencySize != 6)) {
      throw new FormatException("PNG has a transparency chunk of a wrong length");
    }
    long size = inflatedSize();
    if (size > dataSize * MAX_RATIO) {
      throw new FormatException(
          "PNG header gives %d x %d pixels, more than its %d bytes of data can hold"
              .formatted(width, height, dataSize));
    }
    if (Math.max(size, (long) width * height * channels()) >= Integer.MAX_VALUE - 16) {
      throw new FormatException(
          "PNG of %d x %d pixels takes more than the 2 GB of an array; make it smaller"
              .formatted(width, height));
    }
  }

  /** The length of the chunk at {@code at}, which is known to lie inside the file as a whole. */
  private int chunkSize(int at) {
    if (end - at < 12) {
      throw endsEarly(at + (firstData == 0 ? 24L : 12L));
    }
    int size = int32(at);
    if (size < 0) {
      throw new FormatException("PNG chunk at byte %d has an impossible length".formatted(at));
    }
    if (size > end - at - 12) {
      throw endsEarly(at + 12L + size + (int32(at + 4) == Png.IEND ? 0 : 12));
    }
    return size;
  }

  private FormatException endsEarly(long needed) {
    return new FormatException(
        "PNG data ends early at byte %d of %d (truncated file?)".formatted(end, needed));
  }

  private void checkCrc(int at, int size) {
    crc.reset();
    crc.update(file, at + 4, size + 4);
    if ((int) crc.getValue() != int32(at + 8 + size)) {
      throw new FormatException(
          "PNG chunk at byte %d does not match its checksum (damaged file?)".formatted(at));
    }
  }

  private int int32(int at) {
    return (file[at] & 0xFF) << 24
        | (file[at + 1] & 0xFF) << 16
        | (file[at + 2] & 0xFF) << 8
        | (file[at + 3] & 0xFF);
  }

  /** Inflates exactly {@code size} bytes into {@link #raw}, which has room for one too many. */
  private void inflate(int size) {
    if (raw.length <= size) {
      raw = new byte[size + 1];
    }
    inflater.reset();
    int n = 0;
    try {
      for (int at = firstData; int32(at + 4) == Png.IDAT; at += 12 + int32(at)) {
        inflater.setInput(file, at + 8, int32(at));
        int got;
        do {
          got = inflater.inflate(raw, n, size + 1 - n);
          n += got;
        } while (got > 0 && n <= size && !inflater.finished() && !inflater.needsInput());
      }
    } catch (DataFormatException e) {
      throw new FormatException("PNG data is damaged: " + e.getMessage(), e);
    }
    if (n > size) {
      throw new FormatException(
          "PNG data goes on after the %d x %d pixels of its header".formatted(width, height));
    }
    if (n < size || !inflater.finished()) {
      throw new FormatException("PNG data ends after %d of %d bytes of pixels".formatted(n, size));
    }
  }

  private static void unfilter(
      byte[] raw, int start, int rows, int stride, int bpp, byte[] out, int offset) {
    int in = start;
    int to = offset;
    for (int y = 0; y < rows; y++) {
      int filter = raw[in++];
      boolean first = y == 0;
      switch (filter) {
        case Png.NONE -> System.arraycopy(raw, in, out, to, stride);
        case Png.SUB -> sub(raw, in, stride, bpp, out, to);
        case Png.UP -> {
          if (first) {
            System.arraycopy(raw, in, out, to, stride);
          } else {
            up(raw, in, stride, out, to);
          }
        }
        case Png.AVERAGE -> average(raw, in, stride, bpp, out, to, first);
        case Png.PAETH -> {
          if (first) {
            sub(raw, in, stride, bpp, out, to);
          } else {
            paeth(raw, in, stride, bpp, out, to);
          }
        }
        default ->
            throw new FormatException("PNG row %d has an unknown filter %d".formatted(y, filter));
      }
      in += stride;
      to += stride;
    }
  }

  private static void sub(byte[] raw, int in, int stride, int bpp, byte[] out, int to) {
    System.arraycopy(raw, in, out, to, bpp);
    for (int i = bpp; i < stride; i++) {
      out[to + i] = (byte) (raw[in + i] + out[to + i - bpp]);
    }
  }

  private static void up(byte[] raw, int in, int stride, byte[] out, int to) {
    int above = to - stride;
    for (int i = 0; i < stride; i++) {
      out[to + i] = (byte) (raw[in + i] + out[above + i]);
    }
  }

  private static void average(
      byte[] raw, int in, int stride, int bpp, byte[] out, int to, boolean first) {
    int above = to - stride;
    for (int i = 0; i < stride; i++) {
      int left = i < bpp ? 0 : out[to + i - bpp] & 0xFF;
      int up = first ? 0 : out[above + i] & 0xFF;
      out[to + i] = (byte) (raw[in + i] + ((left + up) >> 1));
    }
  }

  private static void paeth(byte[] raw, int in, int stride, int bpp, byte[] out, int to) {
    int above = to - stride;
    for (int i = 0; i < bpp; i++) {
      out[to + i] = (byte) (raw[in + i] + out[above + i]);
    }
    for (int i = bpp; i < stride; i++) {
      int left = out[to + i - bpp] & 0xFF;
      int up = out[above + i] & 0xFF;
      int corner = out[above + i - bpp] & 0xFF;
      out[to + i] = (byte) (raw[in + i] + Png.paeth(left, up, corner));
    }
  }

  /** Unpacks samples, looks up palettes, and turns a transparent color to alpha. */
  private void expand(byte[] packed, Pass pass, byte[] target, int offset) {
    int w = pass.width(width);
    int stride = stride(w);
    int samples = samples();
    int channels = channels();
    boolean keys = transparencySize > 0 && colorType != PALETTE;
    int max = (1 << depth) - 1;
    for (int y = 0; y < pass.height(height); y++) {
      int to = offset + ((pass.y + y * pass.dy) * width + pass.x) * channels;
      for (int x = 0; x < w; x++, to += pass.dx * channels) {
        boolean keyed = keys;
        for (int s = 0; s < samples; s++) {
          long bit = ((long) x * samples + s) * depth;
          int at = y * stride + (int) (bit >> 3);
          int sample =
              depth == 16
                  ? int16(packed, at)
                  : (packed[at] & 0xFF) >> (8 - depth - (int) (bit & 7)) & max;
          if (colorType == PALETTE) {
            lookUp(sample, target, to);
          } else {
            keyed = keyed && sample == (int16(file, transparency + 2 * s) & max);
            target[to + s] = (byte) (depth == 16 ? sample >> 8 : sample * 255 / max);
          }
        }
        if (keys) {
          target[to + samples] = (byte) (keyed ? 0 : 255);
        }
      }
    }
  }

  private static int int16(byte[] data, int at) {
    return (data[at] & 0xFF) << 8 | (data[at + 1] & 0xFF);
  }

  private void lookUp(int index, byte[] target, int at) {
    if (index >= paletteSize) {
      throw new FormatException(
          "PNG uses color %d of a palette of %d".formatted(index, paletteSize));
    }
    System.arraycopy(file, palette + 3 * index, target, at, 3);
    if (transparencySize > 0) {
      target[at + 3] = index < transparencySize ? file[transparency + index] : (byte) 255;
    }
  }
}
