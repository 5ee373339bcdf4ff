package org.fastai4j.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/** What becomes of the first item of a {@link DataBlock}, and of a batch, in words. */
final class BlockSummary {
  /** As many items as a batch usually has are looked at. */
  private static final int LOOKED_AT = 64;

  private static final int CLASSES_SHOWN = 20;

  private final StringBuilder text = new StringBuilder();

  private BlockSummary() {}

  static <I, X, Y, O> String of(
      Datasets<I, X, Y> data,
      InputBlock<X, O, ? extends DataLoaders> block,
      O options,
      Function<? super I, ? extends Y> getY) {
    BlockSummary s = new BlockSummary();
    List<X> inputs = data.train().inputs();
    int valid = data.valid().inputs().size();
    s.line("items", inputs.size() + valid);
    s.line("split", inputs.size() + " to train on, " + valid + " to validate with");
    s.line("the first", data.trainItems().get(0));
    s.line("getX", inputs.get(0));
    block.steps(inputs.get(0), options).forEach(step -> s.line("  then", step));
    s.line("getY", getY.apply(data.trainItems().get(0)));
    s.target(data);
    if (s.oneShape(inputs, block, options)) {
      s.batch(block.dataloaders(data, options));
    }
    return s.text.toString();
  }

  private void line(String what, Object value) {
    text.append("%-10s %s".formatted(what, value)).append('\n');
  }

  private void target(Datasets<?, ?, ?> data) {
    Targets<?> targets = data.targets();
    Tensor y = data.train().targets().orElseThrow();
    Tensor first = y.select(0, 0);
    line("  then", "%s, which is %s".formatted(first, targets.decode(first)));
    List<String> vocab = targets.vocab();
    if (!vocab.isEmpty()) {
      String more = vocab.size() > CLASSES_SHOWN ? ", ..." : "";
      line(
          "vocab",
          vocab.size()
              + " classes: "
              + String.join(", ", vocab.subList(0, Math.min(CLASSES_SHOWN, vocab.size())))
              + more);
    }
  }

  /** Whether the first inputs can be put together; if not, tells which is how. */
  private <X, O> boolean oneShape(List<X> inputs, InputBlock<X, O, ?> block, O options) {
    Map<String, List<X>> byShape = new LinkedHashMap<>();
    List<X> some = inputs.subList(0, Math.min(LOOKED_AT, inputs.size()));
    for (X x : some) {
      List<String> steps = block.steps(x, options);
      byShape.computeIfAbsent(steps.get(steps.size() - 1), k -> new ArrayList<>()).add(x);
    }
    if (byShape.size() == 1) {
      return true;
    }
    line("batch", "none: of the first %d to train on,".formatted(some.size()));
    byShape.forEach(
        (shape, xs) -> line("", "%d are %s, such as %s".formatted(xs.size(), shape, xs.get(0))));
    line("mend", "give them one shape by an item transform, as options(o -> o.size(224))");
    return false;
  }

  /** Looking changes nothing: the engine's generator is put back. */
  private void batch(DataLoaders dls) {
    if (dls.train().size() == 0) {
      line(
          "batch",
          "none: %d items to train on do not fill a batch of %d; use a smaller batch size"
              .formatted(dls.train().items(), dls.train().batchSize()));
      return;
    }
    Tensor state = Torch.getRngState();
    try {
      Batch b = dls.oneBatch();
      line("batch", "x %s, y %s".formatted(described(b.x()), described(b.y())));
    } finally {
      Torch.setRngState(state);
    }
    line(
        "batches",
        "%d to train on, %d to validate with".formatted(dls.train().size(), dls.valid().size()));
  }

  private static String described(Tensor t) {
    return t.shape() + " " + t.dtype();
  }
}
