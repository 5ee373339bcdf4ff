package org.fastai4j.app;

import java.util.concurrent.Callable;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import picocli.CommandLine.Command;

/**
 * Loads what the other commands load, so that the launcher can keep those classes in an archive.
 */
@Command(name = "warm-up", hidden = true, description = "Used by the launcher after a build.")
final class WarmUpCommand implements Callable<Integer> {
  private final Wiring wiring;

  WarmUpCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() {
    Torch.manualSeed(1);
    Tensor w = Tensor.randn(4, 3).requiresGrad_();
    Tensor.randn(8, 4).matmul(w).sigmoid().mean().backward();
    wiring.warmUp().run();
    return Main.OK;
  }
}
