package org.fastai4j.app;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSyntaxException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fastai4j.vision.ImageInput;

/**
 * What a run was begun with, which goes into the model that comes of it. It lies beside the run's
 * checkpoints, so that nobody goes on with other options unawares.
 *
 * @param values by the options' names
 */
record RunNotes(Map<String, String> values) {
  private static final String FILE = "run.json";
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  static RunNotes of(TrainRequest request, Workbench bench) {
    DataRequest data = request.data();
    ImageInput input = bench.classifier().input();
    Map<String, String> out = new LinkedHashMap<>();
    out.put("data", data.data());
    out.put("data_digest", bench.folder().digest());
    out.put("train_images", Long.toString(bench.images().train().items()));
    out.put("valid_images", Long.toString(bench.images().valid().items()));
    data.validPct().ifPresent(share -> out.put("valid_pct", Double.toString(share)));
    out.put("size", input.width() + "x" + input.height());
    out.put("channels", Integer.toString(input.channels()));
    out.put("net", request.net().arch());
    out.put("pretrained", Boolean.toString(request.net().pretrained()));
    out.put("precision", request.net().bf16() ? "bf16" : "fp32");
    out.put("augment", bench.augment().toString());
    out.put("epochs", Integer.toString(request.epochs()));
    out.put("schedule", request.schedule().toString());
    out.put("lr", Double.isNaN(request.lr()) ? "find" : Double.toString(request.lr()));
    out.put("bs", Integer.toString(bench.batchSize()));
    out.put("seed", Long.toString(data.seed()));
    return new RunNotes(out);
  }

  /** Fails if the run in this folder, if there is one, was begun otherwise. */
  void checkAgainst(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return;
    }
    Map<String, String> begun;
    try {
      begun =
          GSON.fromJson(Files.readString(file), new TypeToken<Map<String, String>>() {}.getType());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JsonSyntaxException e) {
      throw new CliException(
          Main.FAILED, file + " is damaged; delete it, or start without --resume");
    }
    values.forEach(
        (name, value) -> {
          String before = begun.getOrDefault(name, value);
          if (!name.equals("data") && !before.equals(value)) { // the digest tells of the data
            throw new CliException(
                Main.USAGE,
                "--resume: the run in %s was begun with %s %s, now it is %s; give the same options, or start over without --resume"
                    .formatted(folder, name, before, value));
          }
        });
  }

  void write(Path folder) {
    try {
      Path half = folder.resolve(FILE + ".part");
      Files.writeString(half, GSON.toJson(values) + "\n");
      Files.move(half, folder.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
