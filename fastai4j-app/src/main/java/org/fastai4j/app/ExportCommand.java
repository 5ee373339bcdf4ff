package org.fastai4j.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.fastai4j.io.Pth;
import org.fastai4j.vision.ImageClassifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code fastai4j export}. */
@Command(
    name = "export",
    header = "Write a trained model for other programs.",
    description = {
      "",
      "As ONNX: from values in 0..1, [batch, channels, height, width] or rows of pixels, to what"
          + " comes before the softmax; normalization is part of it. As .pth: the weights by name,"
          + " for Python's torch.load(file, weights_only=True)."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j export out/train/model.safetensors --onnx model.onnx",
      "  ./fastai4j export out/train/model.safetensors --pth model.pth"
    })
final class ExportCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model that 'train' saved.")
  private Path model = Path.of("");

  @Option(names = "--onnx", paramLabel = "FILE", description = "Write the net as ONNX.")
  private Optional<Path> onnx = Optional.empty();

  @Option(names = "--pth", paramLabel = "FILE", description = "Write a PyTorch state dict.")
  private Optional<Path> pth = Optional.empty();

  ExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (onnx.isEmpty() && pth.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "name a file: --onnx FILE or --pth FILE");
    }
    onnx.ifPresent(ExportCommand::check);
    pth.ifPresent(ExportCommand::check);
    ImageClassifier classifier = ModelFile.load(model);
    onnx.ifPresent(file -> write(file, () -> classifier.saveOnnx(file)));
    pth.ifPresent(file -> write(file, () -> Pth.save(file, classifier.model().stateDict())));
    return Main.OK;
  }

  private static void check(Path file) {
    if (Files.isDirectory(file)) {
      throw new CliException(Main.USAGE, file + " is a folder; name a file in it");
    }
    Folders.requireWritable(file.toString(), folder(file));
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().resolveSibling("");
  }

  private void write(Path file, Runnable writer) {
    Folders.make(folder(file));
    writer.run();
    terminal.out().println("Wrote " + file);
  }
}
