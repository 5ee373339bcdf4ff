package org.fastai4j.learner;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.io.FormatException;
import org.fastai4j.io.Pth;
import org.fastai4j.io.Safetensors;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.optim.ParamGroup;
import org.fastai4j.tensor.Tensor;

/** A learner's model and optimizer in one safetensors file. */
final class SavedLearner {
  static final String MODEL = "model.";
  static final String OPTIMIZER = "opt.";
  static final String HYPERS = "hypers";
  private static final Gson GSON = new Gson();

  private SavedLearner() {}

  static void save(Learner learn, Path file) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    put(tensors, MODEL, learn.model().stateDict());
    put(tensors, OPTIMIZER, learn.optimizer().state());
    Safetensors.save(
        file, tensors, Map.of("format", "fastai4j-learner-1", HYPERS, hypers(learn.optimizer())));
  }

  static void load(Learner learn, Path file) {
    if (file.toString().endsWith(".pth")) {
      learn.model().loadStateDict(Pth.loadStateDict(file));
      return;
    }
    Safetensors.Contents contents = Safetensors.load(file);
    if (!contents.metadata().containsKey(HYPERS)) { // the weights of a model alone
      learn.model().loadStateDict(contents.tensors());
      return;
    }
    learn.model().loadStateDict(under(MODEL, contents.tensors()));
    loadOptimizer(learn.optimizer(), contents, file);
  }

  static void loadOptimizer(Optimizer optimizer, Safetensors.Contents contents, Path file) {
    List<Map<String, Double>> hypers =
        GSON.fromJson(
            contents.metadata().get(HYPERS),
            new TypeToken<List<Map<String, Double>>>() {}.getType());
    List<ParamGroup> groups = optimizer.groups();
    if (hypers.size() != groups.size()) {
      throw new FormatException(
          "%s has an optimizer of %d parameter groups, the learner's has %d"
              .formatted(file, hypers.size(), groups.size()));
    }
    for (int i = 0; i < groups.size(); i++) {
      hypers.get(i).forEach(groups.get(i)::setHyper);
    }
    optimizer.loadState(under(OPTIMIZER, contents.tensors()));
  }

  static String hypers(Optimizer optimizer) {
    return GSON.toJson(optimizer.groups().stream().map(ParamGroup::hypers).toList());
  }

  static void put(Map<String, Tensor> all, String prefix, Map<String, Tensor> some) {
    some.forEach((name, t) -> all.put(prefix + name, t));
  }

  /** The tensors whose names begin with {@code prefix}, without it. */
  static Map<String, Tensor> under(String prefix, Map<String, Tensor> tensors) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    tensors.forEach(
        (name, t) -> {
          if (name.startsWith(prefix)) {
            out.put(name.substring(prefix.length()), t);
          }
        });
    return out;
  }
}
