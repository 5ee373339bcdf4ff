package org.fastai4j.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
  private Path dir;

  @BeforeEach
  void in(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void givesBackWhatWasSaved() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (DType d : DType.values()) {
      tensors.put("of " + d, Tensor.arange(5).to(d));
    }
    tensors.put("scalar", Tensor.scalar(2.5));
    tensors.put("empty", Tensor.zeros(2, 0, 3));
    tensors.put("transposed", Tensor.arange(6).view(2, 3).t());
    tensors.put("\"名\" é/\n", Tensor.ones(1));
    Path file = dir.resolve("all.safetensors");
    Safetensors.save(file, tensors, Map.of("vocab", "3,7"));

    Safetensors.Contents back = Safetensors.load(file);
    assertThat(back.metadata()).containsExactly(Map.entry("vocab", "3,7"));
    assertThat(new ArrayList<>(back.tensors().keySet()))
        .isEqualTo(new ArrayList<>(tensors.keySet()));
    tensors.forEach(
        (name, t) ->
            assertThat(requireNonNull(back.tensors().get(name)))
                .hasDType(t.dtype())
                .isCloseTo(t, 0, 0));
  }

  @Test
  void alignsEveryTensorToItsElement() throws IOException {
    Path file = dir.resolve("aligned.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("bytes", Tensor.zeros(DType.UINT8, 3));
    tensors.put("doubles", Tensor.zeros(DType.FLOAT64, 2));
    Safetensors.save(file, tensors);
    byte[] bytes = Files.readAllBytes(file);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
    assertThat(new String(bytes, 8, (int) header, UTF_8))
        .startsWith(
            "{\"bytes\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[16,19]},"
                + "\"doubles\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}");
  }

  @Test
  void leavesNothingBehindWhenSavingFails() throws IOException {
    Path file = dir.resolve("model.safetensors");
    Safetensors.save(file, Map.of("w", Tensor.ones(2)));
    Tensor closed = closedTensor();
    Map<String, Tensor> broken = new LinkedHashMap<>();
    broken.put("a", Tensor.ones(3));
    broken.put("b", closed);
    assertThatThrownBy(() -> Safetensors.save(file, broken)).isInstanceOf(TensorException.class);
    assertThat(Safetensors.load(file).tensors()).containsOnlyKeys("w");
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left).containsExactly(file);
    }
  }

  private static Tensor closedTensor() {
    Tensor[] escaped = new Tensor[1];
    Scope.run(() -> escaped[0] = Tensor.ones(1));
    return escaped[0];
  }

  @Test
  void refusesToSaveATensorUnderTheNameOfTheNotes() {
    assertThatThrownBy(
            () ->
                Safetensors.save(
                    dir.resolve("x.safetensors"), Map.of("__metadata__", Tensor.ones(1))))
        .hasMessageContaining("keeps the name");
  }

  @Test
  void saysWhichFileIsNotThere() {
    Path missing = dir.resolve("missing.safetensors");
    assertThatThrownBy(() -> Safetensors.load(missing))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(missing.toString());
  }

  @Test
  void readsABoolThatIsNeither0Nor1AsTrue() throws IOException {
    Path file = write("{\"a\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[0,3]}}", 0, 1, 7);
    Tensor a = requireNonNull(Safetensors.load(file).tensors().get("a"));
    assertThat(a.toLong().toLongArray()).containsExactly(0, 1, 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'a':{'dtype':'U8','shape':[1],'data_offsets':[1,2]}}|2|has 'a' twice",
        "{'a':{'dtype':'U8','dtype':'I8','shape':[1],'data_offsets':[0,1]}}|1|dtype is there twice",
        "{'a':{'dtype':'U8','shape':[1]}}|1|needs dtype, shape and data_offsets",
        "{'a':{'dtype':'U8','shape':[1],'data_offsets':[1,0]}}|1|not a begin and an end",
        "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0]}}|1|not a begin and an end",
        "{'a':{'dtype':'U8','shape':[1.0],'data_offsets':[0,1]}}|1|1.0 for a whole number",
        "{'a':{'dtype':'U8','shape':['1'],'data_offsets':[0,1]}}|1|for a whole number",
        "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}}|3|last 2 bytes of its data belong to no tensor",
        "{'a':{'dtype':'U8','shape':[1],'data_offsets':[1,2]}}|2|bytes 0..1 of its data belong to no tensor",
        "{'a':{'dtype':'F64','shape':[4294967296,4294967296],'data_offsets':[0,8]}}|8|is too large",
        "{'a':{'dtype':'F32','shape':[900000000000000000],'data_offsets':[0,8]}}|8|needs 3600000000000000000 bytes",
        "{'a':{'dtype':'F32','shape':[0,900000000000000000,900000000000000000],'data_offsets':[0,0]}}|0|is too large",
        "{'a':{'dtype':'F32','shape':[[1]],'data_offsets':[0,4]}}|4|something for a whole number",
        "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}|4|-1 for a whole number",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,999999999999999999]}}|4|data_offsets give 999999999999999999",
        "{'__metadata__':{'k':1}}|0|is not a string",
        "{'__metadata__':{'k':'v','k':'w'}}|0|has 'k' twice",
        "{}{}|0|not proper JSON",
        "{'a':[]}|0|not proper JSON",
        "{a:1}|0|not proper JSON",
        "[]|0|does not begin with '{'",
      })
  void refusesAHeaderThatDoesNotAddUp(String header, int dataBytes, String message)
      throws IOException {
    Path file = write(header.replace('\'', '"'), new int[dataBytes]);
    assertThatThrownBy(() -> Safetensors.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() throws IOException {
    Path file = dir.resolve("latin.safetensors");
    Files.write(file, new byte[] {4, 0, 0, 0, 0, 0, 0, 0, '{', (byte) 0xe9, ' ', '}'});
    assertThatThrownBy(() -> Safetensors.load(file)).hasMessageContaining("not UTF-8");
  }

  @Test
  void loadsOrRefusesCleanlyWhateverIsChangedInAHeader() throws IOException {
    Path whole = dir.resolve("whole.safetensors");
    Safetensors.save(whole, Map.of("w", Tensor.ones(2, 3), "b", Tensor.zeros(3)), Map.of("k", "v"));
    byte[] bytes = Files.readAllBytes(whole);
    int header = bytes.length - 36;
    Path changed = dir.resolve("changed.safetensors");
    Random random = new Random(42);
    int refused = 0;
    for (int i = 0; i < 600; i++) {
      byte[] copy = bytes.clone();
      for (int k = 0; k <= i % 3; k++) {
        copy[random.nextInt(header)] = (byte) random.nextInt(256);
      }
      Files.write(changed, copy);
      try {
        Scope.run(() -> Safetensors.load(changed));
      } catch (FormatException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(200, 600);
  }

  @Test
  void refusesAFileCutAnywhere() throws IOException {
    Path whole = dir.resolve("whole.safetensors");
    Safetensors.save(whole, Map.of("w", Tensor.ones(2, 3)), Map.of("k", "v"));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = dir.resolve("cut.safetensors");
    for (int n = 0; n < bytes.length; n++) {
      Files.write(cut, java.util.Arrays.copyOf(bytes, n));
      assertThatThrownBy(() -> Safetensors.load(cut)).isInstanceOf(FormatException.class);
    }
  }

  private Path write(String header, int... data) throws IOException {
    byte[] text = header.getBytes(UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text);
    for (int b : data) {
      bytes.put((byte) b);
    }
    Path file = dir.resolve("made.safetensors");
    Files.write(file, bytes.array());
    return file;
  }

  static List<Golden.Case> golden() {
    return Golden.cases("models").stream().filter(c -> c.name().contains("safetensors")).toList();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void loadsOrRefusesTheGoldenFile(Golden.Case c) {
    String expect = c.json().get("expect").getAsString();
    if (expect.equals("refuse")) {
      assertThatThrownBy(() -> Safetensors.load(c.file()))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining(c.file().getFileName().toString());
      return;
    }
    Map<String, Tensor> expected = c.tensors();
    String other = c.params().has("safetensors") ? c.params().get("safetensors").getAsString() : "";
    Map<String, Tensor> actual =
        other.isEmpty() ? expected : Safetensors.load(c.sibling(other)).tensors();
    String prefix = other.isEmpty() ? "" : "out.";
    assertThat(c.outputs())
        .containsExactlyInAnyOrderElementsOf(
            actual.keySet().stream().map(n -> prefix + n).toList());
    actual.forEach(
        (name, t) -> {
          Tensor e = requireNonNull(expected.get(prefix + name));
          assertThat(t).hasDType(e.dtype()).isCloseTo(e, 0, 0);
        });
  }

  @Test
  void readsEveryTypeAsItWasWritten() {
    Golden.Case c =
        golden().stream()
            .filter(g -> g.name().endsWith("edge_names_dtypes"))
            .findFirst()
            .orElseThrow();
    Map<String, Tensor> t = c.tensors();
    assertThat(requireNonNull(t.get("out.special"))).hasDType(DType.FLOAT32).hasShape(3);
    assertThat(requireNonNull(t.get("out.empty2"))).hasShape(2, 0, 4);
    assertThat(requireNonNull(t.get("out.scalar"))).hasShape();
    assertThat(requireNonNull(t.get("out.ünï/cödé.名"))).hasShape(2, 2);
    assertThat(requireNonNull(t.get("out.bool"))).hasDType(DType.BOOL);
    assertThat(requireNonNull(t.get("out.bf16"))).hasDType(DType.BFLOAT16).hasShape(2, 3);
  }
}
