package org.fastai4j.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation against PyTorch's values, shapes, dtypes and errors: golden kind {@code ops}. */
class GoldenOpsTest {
  static List<Golden.Case> cases() {
    return Golden.cases("ops");
  }

  @Test
  void hasAllTwentySixCases() {
    assertThat(cases()).hasSize(26);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(Golden.Case c) {
    if (c.params().has("calls")) {
      runCalls(c);
    } else if (c.params().has("errors")) {
      runErrors(c);
    } else {
      runPromotionTable(c.params().getAsJsonObject("table"));
    }
  }

  private static void runCalls(Golden.Case c) {
    Map<String, Tensor> tensors = c.tensors();
    Set<String> compared = new HashSet<>();
    for (JsonElement e : c.params().getAsJsonArray("calls")) {
      JsonObject call = e.getAsJsonObject();
      List<String> names = Golden.stream(call.get("out")).map(JsonElement::getAsString).toList();
      List<Tensor> results = OpTable.run(call, tensors);
      assertThat(results).as(call.toString()).hasSameSizeAs(names);
      for (int i = 0; i < names.size(); i++) {
        c.check(names.get(i), results.get(i), requireNonNull(tensors.get(names.get(i))));
        compared.add(names.get(i));
      }
    }
    assertThat(compared).as("outputs that were compared").isEqualTo(new HashSet<>(c.outputs()));
  }

  /** What Java's types already forbid, and so cannot be asked for. */
  private static final Set<String> UNSAYABLE = Set.of("clamp_none");

  private static void runErrors(Golden.Case c) {
    Map<String, Tensor> tensors = c.tensors();
    Set<String> unsayable = new HashSet<>();
    for (JsonElement e : c.params().getAsJsonArray("errors")) {
      JsonObject error = e.getAsJsonObject();
      String id = error.get("id").getAsString();
      if (UNSAYABLE.contains(id)) {
        unsayable.add(id);
        continue;
      }
      String match = error.getAsJsonObject("raises").get("match").getAsString();
      assertThatThrownBy(() -> OpTable.run(error.getAsJsonObject("call"), tensors))
          .as(id)
          .isInstanceOf(TensorException.class)
          .hasMessageContaining(match)
          .hasMessageNotContaining("Exception raised from");
    }
    assertThat(unsayable).isEqualTo(UNSAYABLE);
  }

  private static void runPromotionTable(JsonObject table) {
    Map<String, Tensor> vectors = new HashMap<>();
    Map<String, Tensor> scalars = new HashMap<>();
    for (DType d : DType.values()) {
      vectors.put(d.toString(), Tensor.ones(d, 2));
      scalars.put(d.toString(), Tensor.ones(d));
    }
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (String part : table.keySet()) {
      for (JsonElement e : table.getAsJsonArray(part)) {
        JsonObject row = e.getAsJsonObject();
        String op = row.get("op").getAsString();
        Tensor a = named(vectors, row, "a");
        Supplier<Tensor> call =
            switch (part) {
              case "tensor_tensor" -> () -> arithmetic(op, a, named(vectors, row, "b"));
              case "tensor_zerodim" -> () -> arithmetic(op, a, named(scalars, row, "b0"));
              case "tensor_scalar" -> () -> withScalar(op, a, row.get("scalar").getAsString());
              case "reductions" -> () -> reduction(op, a);
              default -> fail("the table has the unknown part " + part);
            };
        String expected = row.get("result").getAsString();
        String actual;
        try {
          actual = call.get().dtype().toString();
        } catch (TensorException refused) {
          actual = "error";
        }
        if (!actual.equals(expected)) {
          wrong.add(row + " gave " + actual);
        }
        rows++;
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(rows).isEqualTo(747);
  }

  private static Tensor named(Map<String, Tensor> tensors, JsonObject row, String column) {
    return requireNonNull(tensors.get(row.get(column).getAsString()));
  }

  private static Tensor arithmetic(String op, Tensor a, Tensor b) {
    return switch (op) {
      case "add" -> a.add(b);
      case "sub" -> a.sub(b);
      case "div" -> a.div(b);
      default -> fail("no arithmetic is called " + op);
    };
  }

  // A number is a double here, so that "true" has to be a tensor.
  private static Tensor withScalar(String op, Tensor a, String scalar) {
    if (scalar.equals("true")) {
      return arithmetic(op, a, Tensor.ones(DType.BOOL));
    }
    double b = Double.parseDouble(scalar);
    return switch (op) {
      case "add" -> a.add(b);
      case "sub" -> a.sub(b);
      case "div" -> a.div(b);
      default -> fail("no arithmetic is called " + op);
    };
  }

  private static Tensor reduction(String op, Tensor a) {
    return switch (op) {
      case "sum" -> a.sum();
      case "mean" -> a.mean();
      case "prod" -> a.prod();
      case "max" -> a.max();
      case "argmax" -> a.argmax();
      case "cumsum" -> a.cumsum(0);
      default -> fail("no reduction is called " + op);
    };
  }
}
