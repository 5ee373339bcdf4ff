package org.fastai4j.io;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.IntStream;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PthTest {
  private static final Set<String> REFUSED =
      Set.of("models/pth_7_legacy_format"); // of those that may be loaded or refused

  private Path dir;

  @BeforeEach
  void in(@TempDir Path dir) {
    this.dir = dir;
  }

  static List<Golden.Case> golden() {
    return Golden.cases("models").stream().filter(c -> c.name().contains("pth_")).toList();
  }

  @Test
  void hasAllNineteenGoldenFiles() {
    assertThat(golden()).hasSize(19);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void loadsOrRefusesTheGoldenFile(Golden.Case c) {
    if (c.json().get("expect").getAsString().equals("refuse") || REFUSED.contains(c.name())) {
      Path file = c.params().has("pth") ? c.sibling(c.params().get("pth").getAsString()) : c.file();
      assertThatThrownBy(() -> Pth.load(file))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining(file.getFileName().toString());
      return;
    }
    Object loaded = Pth.load(c.sibling(c.params().get("pth").getAsString()));
    Set<String> compared = new HashSet<>();
    compare(loaded, c.params().get("tree"), c.tensors(), compared);
    assertThat(compared).isEqualTo(new HashSet<>(c.outputs()));
  }

  private static void compare(
      Object actual, JsonElement tree, Map<String, Tensor> tensors, Set<String> compared) {
    if (tree instanceof JsonObject o && o.has("$tensor")) {
      String name = "out." + o.get("$tensor").getAsString();
      Tensor t = (Tensor) actual;
      assertThat(t)
          .as(name)
          .hasDType(DType.of(o.get("dtype").getAsString()))
          .isCloseTo(requireNonNull(tensors.get(name), name), 0, 0);
      assertThat(t.requiresGrad()).isEqualTo(o.get("requires_grad").getAsBoolean());
      compared.add(name);
    } else if (tree instanceof JsonObject o && o.has("$dict")) {
      Map<?, ?> map = (Map<?, ?>) actual;
      for (JsonElement e : o.getAsJsonArray("$dict")) {
        JsonElement key = e.getAsJsonArray().get(0);
        Object value = map.get(number(key) ? (Object) key.getAsLong() : key.getAsString());
        compare(
            requireNonNull(value, key.toString()), e.getAsJsonArray().get(1), tensors, compared);
      }
    } else if (tree instanceof JsonArray || tree instanceof JsonObject) {
      List<?> list = (List<?>) actual;
      JsonArray items =
          tree instanceof JsonArray a ? a : tree.getAsJsonObject().getAsJsonArray("$tuple");
      assertThat(list).hasSize(items.size());
      for (int i = 0; i < items.size(); i++) {
        compare(list.get(i), items.get(i), tensors, compared);
      }
    } else if (tree.isJsonNull()) {
      assertThat(actual).isEqualTo(Optional.empty());
    } else if (number(tree) && actual instanceof Double) {
      assertThat(actual).isEqualTo(tree.getAsDouble());
    } else if (number(tree)) {
      assertThat(actual.toString()).isEqualTo(tree.getAsString());
    } else {
      assertThat(actual)
          .isEqualTo(
              ((JsonPrimitive) tree).isBoolean()
                  ? tree.getAsBoolean()
                  : (Object) tree.getAsString());
    }
  }

  private static boolean number(JsonElement e) {
    return e instanceof JsonPrimitive p && p.isNumber();
  }

  @Test
  void namesTheFunctionThatAMaliciousFileAsksFor() {
    Golden.Case c =
        golden().stream().filter(g -> g.name().endsWith("os_system")).findFirst().orElseThrow();
    assertThatThrownBy(() -> Pth.load(c.file()))
        .hasMessageContaining("asks for posix.system, which is refused");
    assertThat(Path.of("/tmp/pwned")).doesNotExist();
  }

  @Test
  void tellsHowToSaveAModel() {
    Golden.Case c =
        golden().stream().filter(g -> g.name().endsWith("whole_model")).findFirst().orElseThrow();
    assertThatThrownBy(() -> Pth.load(c.file())).hasMessageContaining("model.state_dict()");
  }

  @Test
  void findsTheWeightsThatFastaiSaved() {
    Golden.Case c =
        golden().stream().filter(g -> g.name().endsWith("with_opt")).findFirst().orElseThrow();
    Map<String, Tensor> weights = Pth.loadStateDict(c.sibling(c.params().get("pth").getAsString()));
    assertThat(requireNonNull(weights.get("3.weight"))).hasShape(2, 5);
  }

  @Test
  void sharesMemoryThatWasShared() {
    Golden.Case c =
        golden().stream()
            .filter(g -> g.name().endsWith("pth_4_shared_and_strided"))
            .findFirst()
            .orElseThrow();
    Map<?, ?> loaded = (Map<?, ?>) Pth.load(c.sibling(c.params().get("pth").getAsString()));
    Tensor encoder = (Tensor) requireNonNull(loaded.get("tied.encoder"));
    Tensor decoder = (Tensor) requireNonNull(loaded.get("tied.decoder"));
    encoder.fill_(5);
    assertThat(decoder.mean().item()).isEqualTo(5);
  }

  @Test
  void givesBackWhatWasSaved() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (DType d : DType.values()) {
      tensors.put("of " + d, Tensor.arange(6).view(2, 3).t().to(d));
    }
    tensors.put("scalar", Tensor.scalar(2.5));
    tensors.put("empty", Tensor.zeros(2, 0, 3));
    Path file = dir.resolve("all.pth");
    Pth.save(file, tensors);
    Map<String, Tensor> back = Pth.loadStateDict(file);
    assertThat(back.keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach(
        (name, t) ->
            assertThat(requireNonNull(back.get(name))).hasDType(t.dtype()).isCloseTo(t, 0, 0));
  }

  @Test
  void beginsEveryStorageAtAMultipleOf64Bytes() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a", Tensor.full(1.5, 1));
    tensors.put("b", Tensor.full(1.5, 64));
    Path file = dir.resolve("aligned.pth");
    Pth.save(file, tensors);
    FloatBuffer floats =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    List<Integer> found =
        IntStream.range(0, floats.limit()).filter(i -> floats.get(i) == 1.5f).boxed().toList();
    assertThat(found).hasSize(65);
    assertThat(found.get(0) * 4 % 64).isZero();
    assertThat(found.get(1) * 4 % 64).isZero();
  }

  @Test
  void givesTheSameBytesInEveryTimeZone() throws IOException {
    TimeZone before = TimeZone.getDefault();
    Path file = dir.resolve("zoned.pth");
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      Pth.save(file, Map.of("w", Tensor.ones(2)));
      byte[] tokyo = Files.readAllBytes(file);
      TimeZone.setDefault(TimeZone.getTimeZone("America/Lima"));
      Pth.save(file, Map.of("w", Tensor.ones(2)));
      assertThat(Files.readAllBytes(file)).isEqualTo(tokyo);
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void refusesAFileCutAnywhere() throws IOException {
    Path whole = dir.resolve("whole.pth");
    Pth.save(whole, Map.of("w", Tensor.ones(2, 3)));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = dir.resolve("cut.pth");
    for (int n = 0; n < bytes.length; n += 3) {
      Files.write(cut, Arrays.copyOf(bytes, n));
      assertThatThrownBy(() -> Pth.load(cut)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void refusesAFileWithADamagedNumber() throws IOException {
    Path file = dir.resolve("damaged.pth");
    Pth.save(file, Map.of("w", Tensor.full(1.5, 64)));
    byte[] bytes = Files.readAllBytes(file);
    int at = bytes.length;
    while (at > 1 && !(bytes[at - 1] == 0x3f && bytes[at - 2] == (byte) 0xc0)) {
      at--;
    }
    bytes[at - 1] ^= 1; // in the last 1.5
    Files.write(file, bytes);
    assertThatThrownBy(() -> Pth.load(file)).hasMessageContaining("checksum");
  }

  @Test
  void loadsOrRefusesCleanlyWhateverIsChangedInAFile() throws IOException {
    Path whole = dir.resolve("whole.pth");
    Pth.save(whole, Map.of("w", Tensor.ones(2, 3)));
    byte[] bytes = Files.readAllBytes(whole);
    Path changed = dir.resolve("changed.pth");
    Random random = new Random(42);
    int refused = 0;
    for (int i = 0; i < 400; i++) {
      byte[] copy = bytes.clone();
      for (int k = 0; k <= i % 3; k++) {
        copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
      }
      Files.write(changed, copy);
      try {
        Scope.run(() -> Pth.load(changed));
      } catch (FormatException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(100, 400);
  }
}
