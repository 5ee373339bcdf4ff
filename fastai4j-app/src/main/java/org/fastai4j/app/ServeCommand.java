package org.fastai4j.app;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.fastai4j.app.serve.DefaultModel;
import org.fastai4j.app.serve.ServeException;
import org.fastai4j.app.serve.Service;
import org.fastai4j.data.DataCache;
import org.fastai4j.data.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code fastai4j serve}. */
@Command(
    name = "serve",
    header = "Open a page to draw on, with a model behind it.",
    description = {
      "",
      "Serves a model over HTTP: a page to draw on or to upload to, and POST /api/predict for"
          + " programs (/openapi.json describes it). Without a model, one that reads digits is"
          + " trained first, once, in half a minute. Ends with Ctrl-C, after what is in flight.",
      "",
      "The net for digits is kept in fastai's folder (FASTAI_HOME, else ~/.fastai), in",
      "  models/" + DefaultModel.NAME,
      "Delete it to have it trained anew. Another model comes from 'train' or 'chapter', and is"
          + " served by naming its file."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j serve --open",
      "  ./fastai4j serve out/train/model.safetensors --port 9000",
      "  curl -F image=@seven.png http://127.0.0.1:8080/api/predict"
    })
final class ServeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "A model that 'train' or 'chapter' saved. Default: one for digits.")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Where to listen; 0 for a port that is free. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "The address to listen at. Default: ${DEFAULT-VALUE}, for this computer only; 0.0.0.0 lets"
              + " others in.")
  private String host = "127.0.0.1";

  @Option(names = "--open", description = "Show the page in the browser.")
  private boolean open;

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (port < 0 || port > 65535) {
      throw new ParameterException(spec.commandLine(), "--port " + port + ": a port is 0 to 65535");
    }
    Path file =
        model.orElseGet(
            () ->
                DefaultModel.find(
                    DataCache.standard(),
                    new ProgressBar(terminal.err(), terminal.errIsTerminal())));
    Service service;
    try {
      service = Service.start(ModelFile.load(file), host, port);
    } catch (ServeException e) {
      throw new CliException(Main.FAILED, String.valueOf(e.getMessage()));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(service::close, "serve-end"));
    terminal.out().println("Serving " + file + " at " + service.address() + " (Ctrl-C ends it)");
    if (open) {
      Browser.open(service.address(), terminal);
    }
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Main.OK;
  }
}
