package org.fastai4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngTest {
  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  private final PngDecoder decoder = new PngDecoder();

  @ParameterizedTest
  @CsvSource({"1,1,1", "28,28,1", "7,5,3", "1,9,3", "200,150,1", "150,200,3"})
  void givesBackWhatWasEncoded(int width, int height, int channels) {
    byte[] pixels = smooth(width * height * channels);
    byte[] file = Png.encode(width, height, channels, pixels);

    assertThat(decode(file)).isEqualTo(pixels);
    assertThat(decoder.width()).isEqualTo(width);
    assertThat(decoder.height()).isEqualTo(height);
    assertThat(decoder.channels()).isEqualTo(channels);
  }

  @Test
  void writesFilesThatImageIoReads() throws IOException {
    byte[] pixels = random(40 * 30 * 3);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Png.encode(40, 30, 3, pixels)));

    assertThat(rgbBytes(image)).isEqualTo(pixels);
  }

  @Test
  void filtersRowsWhereThatMakesTheFileSmaller() {
    byte[] ramp = new byte[100 * 100];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (i % 100 * 2 + i / 100);
    }
    assertThat(Png.encode(100, 100, 1, ramp)).hasSizeLessThan(400);
    assertThat(decode(Png.encode(100, 100, 1, ramp))).isEqualTo(ramp);
  }

  @Test
  void refusesToEncodeBytesThatAreNoImage() {
    assertThatThrownBy(() -> Png.encode(2, 2, 1, new byte[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 bytes for 2 x 2 pixels of 1 channels");
    assertThatThrownBy(() -> Png.encode(1, 1, 2, new byte[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 2");
  }

  @ParameterizedTest
  @ValueSource(ints = {Png.NONE, Png.SUB, Png.UP, Png.AVERAGE, Png.PAETH})
  void undoesEachFilterForEveryKindOfPixel(int filter) throws IOException {
    for (int type : new int[] {GREY, RGB, GREY_ALPHA, RGB_ALPHA}) {
      int channels = type == GREY ? 1 : type == RGB ? 3 : type == GREY_ALPHA ? 2 : 4;
      byte[] pixels = random(13 * 9 * channels);
      byte[] file = file(13, 9, 8, type, rows(pixels, 13 * channels, channels, filter));

      assertThat(decode(file)).as("color type %d", type).isEqualTo(pixels);
      assertThat(decoder.channels()).isEqualTo(channels);
      if (type == RGB) {
        assertThat(rgbBytes(ImageIO.read(new ByteArrayInputStream(file)))).isEqualTo(pixels);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void spreadsFewBitsOfGreyOverTheWholeRange(int depth) throws IOException {
    int width = 11;
    int stride = (width * depth + 7) / 8;
    byte[] packed = random(stride * 6);
    byte[] file = file(width, 6, depth, GREY, rows(packed, stride, 1, Png.UP));
    byte[] pixels = decode(file);

    BufferedImage expected = ImageIO.read(new ByteArrayInputStream(file));
    int max = (1 << depth) - 1;
    for (int y = 0; y < 6; y++) {
      for (int x = 0; x < width; x++) {
        int sample = expected.getRaster().getSample(x, y, 0);
        assertThat(pixels[y * width + x] & 0xFF).isEqualTo(sample * 255 / max);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void looksUpPalettesOfEveryDepth(int depth) throws IOException {
    int n = 1 << depth;
    IndexColorModel model = new IndexColorModel(depth, n, random(n), random(n), random(n));
    int kind = depth == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
    BufferedImage image = new BufferedImage(19, 4, kind, model);
    for (int i = 0; i < 19 * 4; i++) {
      image.getRaster().setSample(i % 19, i / 19, 0, i * 7 % n);
    }
    assertThat(decode(written(image))).isEqualTo(rgbBytes(image));
    assertThat(decoder.channels()).isEqualTo(3);
  }

  @Test
  void givesPalettesWithTransparencyAnAlphaChannel() throws IOException {
    byte[] rows = {0, 0, 1, 2};
    byte[] file =
        join(
            header(3, 1, 8, PALETTE, 0),
            chunk("PLTE", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}),
            chunk("tRNS", new byte[] {0, 100}),
            chunk("IDAT", deflated(rows)),
            chunk("IEND"));
    assertThat(decode(file)).isEqualTo(new byte[] {1, 2, 3, 0, 4, 5, 6, 100, 7, 8, 9, -1});
  }

  @Test
  void makesTheColorNamedTransparentAnAlphaChannel() throws IOException {
    byte[] grey =
        join(
            header(3, 1, 2, GREY, 0),
            chunk("tRNS", new byte[] {0, 2}),
            chunk("IDAT", deflated(new byte[] {0, 0b01_10_11_00})),
            chunk("IEND"));
    assertThat(decode(grey)).isEqualTo(new byte[] {85, -1, (byte) 170, 0, -1, -1});
    byte[] color =
        join(
            header(2, 1, 8, RGB, 0),
            chunk("tRNS", new byte[] {0, 9, 0, 8, 0, 7}),
            chunk("IDAT", deflated(new byte[] {0, 9, 8, 6, 9, 8, 7})),
            chunk("IEND"));
    assertThat(decode(color)).isEqualTo(new byte[] {9, 8, 6, -1, 9, 8, 7, 0});
  }

  @ParameterizedTest
  @CsvSource({
    "5", // TYPE_3BYTE_BGR
    "6", // TYPE_4BYTE_ABGR
    "10", // TYPE_BYTE_GRAY
    "12", // TYPE_BYTE_BINARY
  })
  void agreesWithImageIoOnTheImagesItWrites(int kind) throws IOException {
    BufferedImage image = new BufferedImage(17, 12, kind);
    int bands = image.getRaster().getNumBands();
    Random random = new Random(7);
    for (int i = 0; i < 17 * 12 * bands; i++) {
      int max = kind == BufferedImage.TYPE_BYTE_BINARY ? 2 : 256;
      image.getRaster().setSample(i / bands % 17, i / bands / 17, i % bands, random.nextInt(max));
    }
    byte[] expected = new byte[17 * 12 * bands];
    int[] samples = image.getRaster().getPixels(0, 0, 17, 12, (int[]) null);
    for (int i = 0; i < samples.length; i++) {
      expected[i] = (byte) (kind == BufferedImage.TYPE_BYTE_BINARY ? samples[i] * 255 : samples[i]);
    }
    assertThat(decode(written(image))).isEqualTo(expected);
  }

  @Test
  void joinsPixelDataThatComesInManyChunks() throws IOException {
    byte[] pixels = random(50);
    byte[] data = deflated(rows(pixels, 10, 1, Png.NONE));
    byte[] file = header(10, 5, 8, GREY, 0);
    for (byte b : data) {
      file = join(file, chunk("IDAT", new byte[] {b}), chunk("IDAT"));
    }
    assertThat(decode(join(file, chunk("IEND")))).isEqualTo(pixels);
  }

  @Test
  void passesOverChunksItDoesNotNeedAndBytesAfterTheEnd() throws IOException {
    byte[] file =
        join(
            header(2, 1, 8, GREY, 0),
            chunk("tEXt", new byte[] {1, 2, 3}),
            chunk("IDAT", deflated(new byte[] {0, 5, 6})),
            chunk("tIME", new byte[7]),
            chunk("IEND"),
            new byte[] {9, 9, 9});
    assertThat(decode(file)).isEqualTo(new byte[] {5, 6});
  }

  @Test
  void writesAtTheOffsetAskedForAndNowhereElse() {
    byte[] target = new byte[8];
    byte[] file = Png.encode(2, 2, 1, new byte[] {1, 2, 3, 4});
    decoder.open(file, file.length);
    decoder.decode(target, 3);
    assertThat(target).isEqualTo(new byte[] {0, 0, 0, 1, 2, 3, 4, 0});
    assertThatThrownBy(() -> decoder.decode(target, 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void goesOnAfterADamagedFile() {
    byte[] good = Png.encode(2, 2, 1, new byte[] {1, 2, 3, 4});
    byte[] bad = good.clone();
    bad[45] ^= 1;
    assertThatThrownBy(() -> decode(bad)).isInstanceOf(FormatException.class);
    assertThat(decode(good)).isEqualTo(new byte[] {1, 2, 3, 4});
  }

  @Test
  void saysWhereATruncatedFileEndsWhateverItsLength() {
    byte[] file = Png.encode(28, 28, 1, random(28 * 28));
    for (int n = 1; n < file.length; n++) {
      byte[] cut = Arrays.copyOf(file, n);
      assertThatThrownBy(() -> decode(cut))
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith("PNG data ends early at byte " + n + " of ")
          .hasMessageEndingWith(" (truncated file?)");
    }
    byte[] half = Arrays.copyOf(file, file.length / 2);
    assertThatThrownBy(() -> decode(half)).hasMessageContaining(" of " + file.length + " ");
  }

  @Test
  void answersAnyDamagedByteWithAFormatExceptionOrAnImage() {
    byte[] file = Png.encode(9, 9, 3, random(9 * 9 * 3));
    int refused = 0;
    for (int i = 0; i < file.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = file.clone();
        damaged[i] ^= (byte) (1 << bit);
        try {
          decode(damaged);
        } catch (FormatException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isEqualTo(file.length * 8); // every byte is under a checksum
  }

  @Test
  void answersDamageUnderRightChecksumsWithAFormatExceptionOrAnImage() throws IOException {
    byte[] data = deflated(rows(random(81), 9, 1, Png.PAETH));
    int refused = 0;
    for (int i = 0; i < data.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = data.clone();
        damaged[i] ^= (byte) (1 << bit);
        try {
          decode(join(header(9, 9, 8, GREY, 0), chunk("IDAT", damaged), chunk("IEND")));
        } catch (FormatException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(data.length * 7);
  }

  @Test
  void namesTheChunkWhoseChecksumIsWrong() {
    byte[] file = Png.encode(3, 3, 1, new byte[9]);
    file[file.length - 14] ^= 1; // in the checksum of the data
    assertThatThrownBy(() -> decode(file))
        .isInstanceOf(FormatException.class)
        .hasMessage("PNG chunk at byte 33 does not match its checksum (damaged file?)");
  }

  @ParameterizedTest
  @CsvSource({
    "2147483647, 2147483647, more than the 536870904 that can be read",
    "65536, 65536, 'make it smaller, or cut it in pieces'",
    "20000, 20000, raise the limit with -Dfastai4j.maxPixels=400000000",
    "0, 5, impossible size",
    "5, -1, impossible size",
    "10000, 10000, can hold",
  })
  void refusesHeadersThatPromiseTooMuch(int width, int height, String message) throws IOException {
    byte[] file =
        join(
            header(width, height, 8, GREY, 0),
            chunk("IDAT", deflated(new byte[100])),
            chunk("IEND"));
    assertThatThrownBy(() -> decode(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void neverAllowsMorePixelsThanFourChannelsOfAnArrayHold() {
    assertThat(PngDecoder.maxPixels(400_000_000)).isEqualTo(400_000_000);
    assertThat(PngDecoder.maxPixels(1L << 30) * 4L).isLessThan(Integer.MAX_VALUE - 16);
    assertThat(PngDecoder.maxPixels(1L << 32)).isEqualTo(PngDecoder.maxPixels(1L << 30));
  }

  @Test
  void stopsInflatingWhereTheHeaderSaysTheImageEnds() throws IOException {
    byte[] bomb = deflated(new byte[50_000_000]);
    byte[] file = join(header(28, 28, 8, GREY, 0), chunk("IDAT", bomb), chunk("IEND"));
    assertThatThrownBy(() -> decode(file))
        .isInstanceOf(FormatException.class)
        .hasMessage("PNG data goes on after the 28 x 28 pixels of its header");
  }

  @Test
  void refusesWhatIsMissingOrOutOfOrder() throws IOException {
    byte[] head = header(2, 1, 8, GREY, 0);
    byte[] data = chunk("IDAT", deflated(new byte[] {0, 5, 6}));
    byte[] end = chunk("IEND");
    refuses("no pixel data", head, end);
    refuses("not in one piece", head, data, chunk("tIME", new byte[7]), data, end);
    refuses("unknown chunk", head, chunk("ABCD"), data, end);
    refuses("unknown filter 5", head, chunk("IDAT", deflated(new byte[] {5, 5, 6})), end);
    refuses("ends after 2 of 3 bytes", head, chunk("IDAT", deflated(new byte[] {0, 5})), end);
    refuses("no palette", header(2, 1, 8, PALETTE, 0), data, end);
    byte[] palette = chunk("PLTE", new byte[9]);
    refuses("color 5 of a palette of 3", header(2, 1, 8, PALETTE, 0), palette, data, end);
    refuses("unknown kind", header(2, 1, 3, GREY, 0), data, end);
    refuses("unknown kind", header(2, 1, 8, 5, 0), data, end);
    refuses("unknown kind", header(2, 1, 8, GREY, 2), data, end);
    refuses("wrong length", head, chunk("tRNS", new byte[1]), data, end);
    refuses("data is damaged", head, chunk("IDAT", new byte[] {1, 2, 3, 4}), end);
    refuses("header chunk is missing", Arrays.copyOf(head, 8), chunk("tEXt", new byte[13]), data);
    assertThatThrownBy(() -> decode("GIF89a".getBytes(StandardCharsets.US_ASCII)))
        .hasMessage("not a PNG file");
  }

  @Test
  void knowsTheBeginningOfAPng() {
    byte[] file = Png.encode(1, 1, 1, new byte[1]);
    assertThat(Png.isPng(file, file.length)).isTrue();
    assertThat(Png.isPng(file, 3)).isTrue();
    assertThat(Png.isPng(file, 0)).isFalse();
    assertThat(Png.isPng(new byte[] {'B', 'M'}, 2)).isFalse();
  }

  private void refuses(String message, byte[]... parts) {
    assertThatThrownBy(() -> decode(join(parts)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  private byte[] decode(byte[] file) {
    decoder.open(file, file.length);
    byte[] pixels = new byte[decoder.width() * decoder.height() * decoder.channels()];
    decoder.decode(pixels, 0);
    return pixels;
  }

  private static byte[] file(int width, int height, int depth, int type, byte[] rows)
      throws IOException {
    return join(
        header(width, height, depth, type, 0), chunk("IDAT", deflated(rows)), chunk("IEND"));
  }

  private static byte[] rows(byte[] pixels, int stride, int bpp, int filter) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] row = new byte[stride];
    for (int at = 0; at < pixels.length; at += stride) {
      Png.filter(filter, pixels, at, stride, bpp, row);
      out.write(filter);
      out.writeBytes(row);
    }
    return out.toByteArray();
  }

  private static byte[] header(int width, int height, int depth, int type, int interlace) {
    ByteBuffer body = ByteBuffer.allocate(13).putInt(width).putInt(height);
    body.put((byte) depth).put((byte) type).put(12, (byte) interlace);
    byte[] signature = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    return join(signature, chunk("IHDR", body.array()));
  }

  private static byte[] chunk(String type, byte... body) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(body);
    ByteBuffer out = ByteBuffer.allocate(12 + body.length);
    return out.putInt(body.length).put(name).put(body).putInt((int) crc.getValue()).array();
  }

  private static byte[] deflated(byte[] rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(rows);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] written(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "png", out)).isTrue();
    return out.toByteArray();
  }

  private static byte[] rgbBytes(BufferedImage image) {
    int n = image.getWidth() * image.getHeight();
    byte[] out = new byte[n * 3];
    for (int i = 0; i < n; i++) {
      int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
      out[3 * i] = (byte) (rgb >> 16);
      out[3 * i + 1] = (byte) (rgb >> 8);
      out[3 * i + 2] = (byte) rgb;
    }
    return out;
  }

  private static byte[] random(int n) {
    byte[] out = new byte[n];
    new Random(n).nextBytes(out);
    return out;
  }

  private static byte[] smooth(int n) {
    byte[] out = new byte[n];
    for (int i = 0; i < n; i++) {
      out[i] = (byte) (128 + 100 * Math.sin(i / 9.0));
    }
    return out;
  }
}
