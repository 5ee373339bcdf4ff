package org.fastai4j.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NpyTest {
  private Path dir;

  @BeforeEach
  void in(@TempDir Path dir) {
    this.dir = dir;
  }

  @ParameterizedTest
  @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = "BFLOAT16")
  void givesBackWhatWasSaved(DType type) {
    Path file = dir.resolve("a.npy");
    for (Tensor t :
        new Tensor[] {
          Tensor.arange(6).view(2, 3).to(type),
          Tensor.arange(6).view(2, 3).t().to(type),
          Tensor.ones(type),
          Tensor.ones(type, 4),
          Tensor.zeros(type, 2, 0)
        }) {
      Npy.save(file, t);
      assertThat(Npy.load(file)).hasDType(type).isCloseTo(t, 0, 0);
    }
  }

  @Test
  void writesWhatNumPyWrites() throws IOException { // np.save(f, np.array([[1, -2]], '<i2'))
    Path file = dir.resolve("a.npy");
    Npy.save(file, Tensor.of(new short[] {1, -2}, 1, 2));
    byte[] bytes = Files.readAllBytes(file);
    String header = "{'descr': '<i2', 'fortran_order': False, 'shape': (1, 2), }";
    assertThat(Arrays.copyOf(bytes, 10))
        .containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
    assertThat(new String(bytes, 10, 118, ISO_8859_1))
        .isEqualTo(header + " ".repeat(117 - header.length()) + "\n");
    assertThat(Arrays.copyOfRange(bytes, 128, bytes.length)).containsExactly(1, 0, 0xfe, 0xff);
  }

  @Test
  void readsColumnsFirst() throws IOException {
    Path file =
        write(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", 1, 4, 2, 5, 3, 6);
    Tensor t = Npy.load(file);
    assertThat(t).hasShape(2, 3).hasDType(DType.UINT8);
    assertThat(t.toIntArray()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(t.isContiguous()).isTrue();
  }

  @Test
  void readsBigEndian() throws IOException {
    byte[] data =
        ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN).putFloat(1.5f).putFloat(-2).array();
    Path file = write(2, "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", ints(data));
    assertThat(Npy.load(file).toFloatArray()).containsExactly(1.5f, -2);
  }

  @Test
  void readsBigEndianColumnsFirst() throws IOException {
    Path file =
        write(
            1,
            "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 2), }",
            0,
            1,
            0,
            3,
            0,
            2,
            1,
            4);
    assertThat(Npy.load(file).toIntArray()).containsExactly(1, 2, 3, 260);
  }

  @Test
  void readsAHeaderAsPython2AndVersion3WroteIt() throws IOException {
    assertThat(
            Npy.load(write(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (2L, 1L)}", 0, 5)))
        .hasShape(2, 1)
        .hasDType(DType.BOOL)
        .isCloseTo(Tensor.of(new float[] {0, 1}, 2, 1));
    assertThat(
            Npy.load(
                    write(
                        3,
                        "{\"shape\":(),\"descr\":\"<i8\",\"fortran_order\":False}",
                        7,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0))
                .itemLong())
        .isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'descr': '!O', 'fortran_order': False, 'shape': (1,), }|type '!O'",
        "{'descr': '<u4', 'fortran_order': False, 'shape': (1,), }|type '<u4'",
        "{'descr': '', 'fortran_order': False, 'shape': (1,), }|type ''",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }|records with named fields",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }|lacks True or False",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }|lacks a size",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, }|lacks a size",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 1, }|lacks '('",
        "{'descr': '<f4', 'fortran_order': False, }|needs descr, fortran_order and shape",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }|has 'descr' twice",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}|unknown key 'x'",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } + 1|goes on",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }|takes 8 bytes, but 4 follow",
        "{'descr': '!u1', 'fortran_order': False, 'shape': (3,), }|takes 3 bytes, but 4 follow",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }|impossible shape",
        "__import__('os').system('true')|lacks '{'",
      })
  void refusesAHeaderThatDoesNotAddUp(String header, String message) throws IOException {
    Path file = write(1, header.replace('!', '|'), 0, 0, 0, 0);
    assertThatThrownBy(() -> Npy.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message.replace('!', '|'));
  }

  @Test
  void refusesAFileCutAnywhere() throws IOException {
    Path whole = dir.resolve("whole.npy");
    Npy.save(whole, Tensor.ones(2, 3));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = dir.resolve("cut.npy");
    for (int n = 0; n < bytes.length; n++) {
      Files.write(cut, Arrays.copyOf(bytes, n));
      assertThatThrownBy(() -> Npy.load(cut)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void saysWhatToDoWithATypeThatNumPyLacks() {
    assertThatThrownBy(() -> Npy.save(dir.resolve("b.npy"), Tensor.ones(DType.BFLOAT16, 1)))
        .hasMessageContaining("toFloat()");
  }

  private Path write(int version, String header, int... data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    out.writeBytes(
        ByteBuffer.allocate(version == 1 ? 2 : 4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(0, (byte) header.length())
            .array());
    out.writeBytes(header.getBytes(ISO_8859_1));
    for (int b : data) {
      out.write(b);
    }
    Path file = dir.resolve("made.npy");
    Files.write(file, out.toByteArray());
    return file;
  }

  private static int[] ints(byte... bytes) {
    int[] out = new int[bytes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = bytes[i];
    }
    return out;
  }
}
