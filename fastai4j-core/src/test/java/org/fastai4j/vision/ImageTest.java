package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.fastai4j.data.DataException;
import org.fastai4j.io.Png;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTest {
  private final Path folder;

  ImageTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void opensGreyAsLAndColorAsRgb() {
    Image grey = Image.fromBytes("L", 5, 4, random(20));
    Image color = Image.fromBytes("RGB", 5, 4, random(60));
    Path file = folder.resolve("image.png");

    grey.save(file);
    assertThat(Image.open(file)).isEqualTo(grey).hasToString("Image mode=L size=5x4");
    color.save(file);
    assertThat(Image.open(file)).isEqualTo(color).hasToString("Image mode=RGB size=5x4");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void savesNothingWhereItCannotWrite() {
    Path file = folder.resolve("missing/image.png");
    assertThatThrownBy(() -> Image.fromBytes("L", 1, 1, new byte[1]).save(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + " cannot be written");
  }

  @Test
  void leavesNothingHalfWrittenWhenTheTargetIsInTheWay() throws IOException {
    Path file = Files.createDirectory(folder.resolve("image.png"));
    Files.writeString(file.resolve("inside"), "x");
    assertThatThrownBy(() -> Image.fromBytes("L", 1, 1, new byte[1]).save(file))
        .isInstanceOf(DataException.class);
    try (var entries = Files.list(folder)) {
      assertThat(entries).containsExactly(file);
    }
  }

  /**
   * Expected values: PIL's, from {@code Image.new("RGB", (1, 1), c).convert("L").getpixel((0, 0))}.
   */
  @Test
  void convertsToGreyByPilsFormula() {
    Image colors =
        Image.fromBytes(
            "RGB", 5, 1, bytes(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 20, 30));
    assertThat(colors.convert("L").toBytes()).isEqualTo(bytes(76, 150, 29, 255, 18));
  }

  @Test
  void convertsGreyToRgbAndBack() {
    Image grey = Image.fromBytes("L", 16, 16, random(256));
    assertThat(grey.convert("RGB").pixel(3, 2, 1)).isEqualTo(grey.pixel(3, 2, 0));
    assertThat(grey.convert("RGB").convert("L")).isEqualTo(grey);
    assertThatThrownBy(() -> grey.convert("CMYK"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mode \"CMYK\" is not known; use \"L\" or \"RGB\"");
  }

  @Test
  void invertsEverySample() {
    assertThat(Image.fromBytes("L", 3, 1, bytes(0, 100, 255)).invert().toBytes())
        .isEqualTo(bytes(255, 155, 0));
  }

  @Test
  void refusesBytesThatDoNotFitTheSize() {
    assertThatThrownBy(() -> Image.fromBytes("RGB", 2, 2, new byte[4]))
        .hasMessage("4 bytes do not make a picture of mode RGB and size 2 x 2 (width x height)");
  }

  @Test
  void keepsItsOwnCopyOfTheBytes() {
    byte[] bytes = bytes(1, 2);
    Image image = Image.fromBytes("L", 2, 1, bytes);
    bytes[0] = 9;
    image.toBytes()[1] = 9;
    assertThat(image.toBytes()).isEqualTo(bytes(1, 2));
  }

  @Test
  void laysTransparentPixelsOnWhite() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00000000);
    image.setRGB(1, 0, 0xFF000000);
    image.setRGB(2, 0, 0x80FF0000);
    Path file = folder.resolve("layer.png");
    ImageIO.write(image, "png", file.toFile());

    assertThat(Image.open(file).toBytes()).isEqualTo(bytes(255, 255, 255, 0, 0, 0, 255, 127, 127));
    assertThat(Image.open(file).convert("L").pixel(0, 0, 0)).isEqualTo(255);
  }

  @Test
  void keepsTheUpperEightOfSixteenBits() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 0x7F80, 0xFFFF});
    Path file = folder.resolve("deep.png");
    ImageIO.write(image, "png", file.toFile());

    assertThat(Image.open(file)).isEqualTo(Image.fromBytes("L", 3, 1, bytes(0, 127, 255)));
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_3BYTE_BGR})
  void readsInterlacedPng(int kind) throws IOException {
    Path file = folder.resolve("interlaced.png");
    BufferedImage image = noise(kind, 21, 13);
    Files.write(file, interlaced(image));

    assertThat(Image.open(file)).isEqualTo(imageOf(image));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bmp", "gif"})
  void readsLosslessFormatsToTheByte(String format) throws IOException {
    BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 30; i++) {
      image.setRGB(i % 6, i / 6, i * 0x050301);
    }
    Path file = folder.resolve("image." + format);
    ImageIO.write(image, format, file.toFile());

    assertThat(Image.open(file)).isEqualTo(imageOf(ImageIO.read(file.toFile())));
    assertThat(Image.open(file).mode()).isEqualTo("RGB");
  }

  @Test
  void readsGreyAndColorJpeg() throws IOException {
    BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 256; i++) {
      grey.getRaster().setSample(i % 16, i / 16, 0, 90);
    }
    Path file = folder.resolve("photo.png"); // the content counts, not the name
    ImageIO.write(grey, "jpg", file.toFile());
    assertThat(Image.open(file).mode()).isEqualTo("L");
    assertThat(Image.open(file).pixel(8, 8, 0)).isBetween(89, 91);

    BufferedImage red = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    red.createGraphics().drawImage(grey, 0, 0, null);
    for (int i = 0; i < 256; i++) {
      red.setRGB(i % 16, i / 16, 0xC81432);
    }
    ImageIO.write(red, "jpg", file.toFile());
    Image image = Image.open(file);
    assertThat(image.mode()).isEqualTo("RGB");
    assertThat(image.pixel(8, 8, 0)).isBetween(197, 203);
    assertThat(image.pixel(8, 8, 1)).isBetween(17, 23);
  }

  @Test
  void namesTheFileAndWhereATruncatedOneEnds() throws IOException {
    byte[] whole = Png.encode(28, 28, 1, random(784));
    Path file = folder.resolve("7.png");
    Files.write(file, Arrays.copyOf(whole, 120));
    assertThatThrownBy(() -> Image.open(file))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + " is not an image this can read: PNG data ends early at byte 120 of "
                + whole.length
                + " (truncated file?)");
  }

  @Test
  void saysWhatIsWrongWithFilesThatAreNoImages() throws IOException {
    Path file = folder.resolve("notes.txt");
    Files.writeString(file, "not an image");
    assertThatThrownBy(() -> Image.open(file))
        .hasMessage(
            file + " is not an image this can read: neither PNG, JPEG, GIF, BMP, TIFF nor WebP");
    Files.writeString(file, "");
    assertThatThrownBy(() -> Image.open(file))
        .hasMessage(file + " is not an image this can read: the file is empty");
    assertThatThrownBy(() -> Image.open(folder))
        .hasMessage(folder + " cannot be read: it is a folder");
    Path missing = folder.resolve("missing.png");
    assertThatThrownBy(() -> Image.open(missing))
        .isInstanceOf(DataException.class)
        .hasMessage(missing + " cannot be read: it does not exist");
  }

  @Test
  void refusesAJpegWhoseHeaderPromisesTooMuch() throws IOException {
    byte[] jpeg = written(noise(BufferedImage.TYPE_3BYTE_BGR, 4, 4), "jpg");
    int frame = 0;
    while (jpeg[frame] != (byte) 0xFF || jpeg[frame + 1] != (byte) 0xC0) {
      frame++;
    }
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 60000).putShort(frame + 7, (short) 60000);
    Path file = folder.resolve("huge.jpg");
    Files.write(file, jpeg);
    assertThatThrownBy(() -> Image.open(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it is 60000 x 60000 pixels (width x height), 3600000000 in all");
  }

  @Test
  void opensFilesLargerThanItsFirstBufferAndFilesInsideAZip() throws IOException {
    Image large = Image.fromBytes("RGB", 200, 300, random(180_000));
    Path file = folder.resolve("large.png");
    large.save(file);
    assertThat(Files.size(file)).isGreaterThan(100_000);
    assertThat(Image.open(file)).isEqualTo(large);

    Path zip = folder.resolve("images.zip");
    try (var files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.copy(file, files.getPath("/a.png"));
      assertThat(Image.open(files.getPath("/a.png"))).isEqualTo(large);
    }
  }

  @Test
  void isNotFooledByPixelsThatLookLikeTheEndOfAFile() throws IOException {
    byte[] pixels = new byte[8192 * 3];
    byte[] end = "IEND".getBytes(StandardCharsets.US_ASCII);
    byte[] mark = {end[0], end[1], end[2], end[3], (byte) 0xAE, 0x42, 0x60, (byte) 0x82};
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = mark[i % 8];
    }
    Image image = Image.fromBytes("L", 8, 3072, pixels);
    Path file = folder.resolve("tricky.bmp");
    BufferedImage bmp = new BufferedImage(8, 3072, BufferedImage.TYPE_BYTE_GRAY);
    bmp.getRaster().setDataElements(0, 0, 8, 3072, pixels);
    ImageIO.write(bmp, "bmp", file.toFile());
    assertThat(Image.open(file).convert("L")).isEqualTo(image);
  }

  @Test
  void resizesToHandComputedValues() {
    Image ramp = Image.fromBytes("L", 4, 1, bytes(0, 40, 80, 120));
    // Halving: the triangle weighs 0, 40 and 80 with 3, 3 and 1 sevenths.
    assertThat(ramp.resize(2, 1).toBytes()).isEqualTo(bytes(29, 91));
    // Doubling: three quarters of the nearer one.
    assertThat(Image.fromBytes("L", 2, 1, bytes(0, 100)).resize(4, 1).toBytes())
        .isEqualTo(bytes(0, 25, 75, 100));
    assertThat(ramp.resize(4, 1)).isEqualTo(ramp);
    assertThatThrownBy(() -> ramp.resize(0, 5)).hasMessageContaining("cannot resize to 0 x 5");
  }

  @Test
  void keepsAFlatImageFlatAtAnySize() {
    byte[] flat = new byte[31 * 17 * 3];
    Arrays.fill(flat, (byte) 200);
    Image image = Image.fromBytes("RGB", 31, 17, flat);
    for (int size : new int[] {1, 2, 7, 30, 100}) {
      assertThat(image.resize(size, 2 * size).toBytes()).containsOnly(200);
    }
  }

  private static byte[] interlaced(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    assertThat(out.toByteArray()[28]).isEqualTo((byte) 1);
    return out.toByteArray();
  }

  private static byte[] written(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  private static BufferedImage noise(int kind, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, kind);
    Random random = new Random(3);
    int bands = image.getRaster().getNumBands();
    for (int i = 0; i < width * height * bands; i++) {
      int x = i / bands % width;
      image.getRaster().setSample(x, i / bands / width, i % bands, random.nextInt(256));
    }
    return image;
  }

  private static Image imageOf(BufferedImage image) {
    int w = image.getWidth();
    int h = image.getHeight();
    if (image.getType() == BufferedImage.TYPE_BYTE_GRAY) {
      return Image.fromBytes(
          "L", w, h, bytes(image.getRaster().getPixels(0, 0, w, h, (int[]) null)));
    }
    int[] samples = new int[w * h * 3];
    for (int i = 0; i < w * h; i++) {
      int rgb = image.getRGB(i % w, i / w);
      samples[3 * i] = rgb >> 16 & 0xFF;
      samples[3 * i + 1] = rgb >> 8 & 0xFF;
      samples[3 * i + 2] = rgb & 0xFF;
    }
    return Image.fromBytes("RGB", w, h, bytes(samples));
  }

  private static byte[] bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }

  private static byte[] random(int n) {
    byte[] out = new byte[n];
    new Random(n).nextBytes(out);
    return out;
  }
}
