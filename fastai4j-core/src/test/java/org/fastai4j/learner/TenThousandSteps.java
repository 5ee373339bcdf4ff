package org.fastai4j.learner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/**
 * A process that trains for a hundred epochs of a hundred steps and prints by how many tensors and
 * how many bytes of resident memory it has grown since the twentieth.
 */
final class TenThousandSteps {
  static final Path STATM = Path.of("/proc/self/statm");
  private static final int PAGE = 4096;

  private TenThousandSteps() {}

  public static void main(String[] args) {
    TensorDataset train = TensorDataset.of(Tensor.rand(6400, 64), Tensor.rand(6400, 1));
    TensorDataset valid = TensorDataset.of(Tensor.rand(512, 64), Tensor.rand(512, 1));
    List<Long> live = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    Torch.setNumThreads(1);
    Learner.builder(
            DataLoaders.of(train, valid, 64),
            new Sequential(new Linear(64, 32), new ReLU(), new Linear(32, 1)))
        .loss(Functional::mseLoss)
        .metric("mae", Functional::l1Loss)
        .callback(
            Callback.on(
                Event.AFTER_EPOCH,
                learn -> {
                  live.add(Torch.liveTensors());
                  resident.add(residentBytes());
                }))
        .quiet()
        .build()
        .fit(100);
    System.out.println((live.get(99) - live.get(19)) + " " + (resident.get(99) - resident.get(19)));
  }

  private static long residentBytes() {
    try {
      return PAGE * Long.parseLong(Files.readString(STATM).split(" ", -1)[1]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
