package org.fastai4j.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.data.DataLoader.range;
import static org.fastai4j.data.ItemPaths.getImageFiles;
import static org.fastai4j.data.ItemPaths.ls;
import static org.fastai4j.data.ItemPaths.parentLabel;
import static org.fastai4j.plot.ImageGrid.showImage;
import static org.fastai4j.plot.ImageGrid.showImages;
import static org.fastai4j.tensor.Autograd.noGrad;
import static org.fastai4j.tensor.Index.all;
import static org.fastai4j.tensor.Index.at;
import static org.fastai4j.tensor.Index.ellipsis;
import static org.fastai4j.tensor.Index.every;
import static org.fastai4j.tensor.Index.newAxis;
import static org.fastai4j.tensor.Index.range;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.ItemPaths;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.io.Npy;
import org.fastai4j.io.Pth;
import org.fastai4j.io.Safetensors;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.CancelException;
import org.fastai4j.learner.Learner;
import org.fastai4j.metrics.Average;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.BatchNorm2d;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.Adam;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.optim.SGD;
import org.fastai4j.plot.Axes;
import org.fastai4j.plot.ColorMap;
import org.fastai4j.plot.Figure;
import org.fastai4j.plot.Pixels;
import org.fastai4j.plot.StyledTable;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Index;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every right-hand side of docs/cheat-sheet.md, run. */
class CheatSheetTest {
  private static Tensor floats(double... values) {
    return Tensor.of(values).toFloat();
  }

  @Test
  void makesTensors() {
    assertThat(Tensor.of(new float[] {1, 2, 3})).hasShape(3).hasDType(DType.FLOAT32);
    assertThat(Tensor.of(new long[][] {{1, 2}, {3, 4}})).hasShape(2, 2).hasDType(DType.INT64);
    assertThat(Tensor.of(List.of(1.5, 2.5)).sum()).isCloseTo(4);
    assertThat(Tensor.scalar(2.5)).hasShape().isCloseTo(2.5);
    assertThat(Tensor.zeros(2, 3)).hasShape(2, 3).isCloseTo(0);
    assertThat(Tensor.ones(2, 3)).hasShape(2, 3).isCloseTo(1);
    assertThat(Tensor.full(7, 2, 3)).hasShape(2, 3).isCloseTo(7);
    assertThat(Tensor.arange(20).toFloat()).hasShape(20).hasDType(DType.FLOAT32);
    assertThat(Tensor.linspace(0, 1, 5).get(1)).isCloseTo(0.25);
    assertThat(Tensor.eye(3).sum()).isCloseTo(3);
    Torch.manualSeed(42);
    assertThat(Tensor.randn(2, 3)).hasShape(2, 3);
    assertThat(Tensor.rand(2, 3).lt(1).all().toFloat()).isCloseTo(1);
    assertThat(Tensor.randint(0, 10, 4)).hasShape(4).hasDType(DType.INT64);
    assertThat(Tensor.randperm(5).sum().itemLong()).isEqualTo(10);
  }

  @Test
  void tellsAboutTensors() {
    Tensor t = floats(1, 2, 3, 4, 5, 6).view(2, 3);
    assertThat(t.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(t.size(0)).isEqualTo(2);
    assertThat(t.length()).isEqualTo(2);
    assertThat(t.dim()).isEqualTo(2);
    assertThat(t.numel()).isEqualTo(6);
    assertThat(t.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(t.device()).isEqualTo(Device.CPU);
    assertThat(t.sum().item()).isEqualTo(21);
    assertThat(t.toList()).hasSize(6);
    assertThat(t.toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat((float[][]) t.toArray()).hasDimensions(2, 3);
    assertThat(t.to(DType.INT64)).hasDType(DType.INT64);
    assertThat(t.toFloat().div(255).max()).isCloseTo(6 / 255.0);
    assertThat(t.copy().isAliasOf(t)).isFalse();
    assertThat(t).hasToString("tensor([[1., 2., 3.],\n        [4., 5., 6.]])");
  }

  @Test
  void computes() {
    Tensor a = floats(1, 2, 3, 4).view(2, 2);
    Tensor b = floats(4, 3, 2, 1).view(2, 2);
    assertThat(a.add(b)).isCloseTo(5);
    assertThat(a.sub(b).sum()).isCloseTo(0);
    assertThat(a.mul(b).sum()).isCloseTo(20);
    assertThat(a.div(b).get(0, 0)).isCloseTo(0.25);
    assertThat(a.pow(2).sum()).isCloseTo(30);
    assertThat(a.rsub(1).sum()).isCloseTo(-6);
    assertThat(a.rdiv(1).get(1, 1)).isCloseTo(0.25);
    assertThat(a.neg().sum()).isCloseTo(-10);
    assertThat(a.matmul(b).get(0, 0)).isCloseTo(8);
    assertThat(a.lt(b).toFloat().sum()).isCloseTo(2);
    assertThat(a.eq(b).toFloat().sum()).isCloseTo(0);
    assertThat(a.sub(b).abs().mean(-1, -2)).isCloseTo(2);
    assertThat(a.sumKeepDim(0)).hasShape(1, 2);
    assertThat(a.max(1).values().sum()).isCloseTo(6);
    assertThat(a.max(1).indices().sum().itemLong()).isEqualTo(2);
    assertThat(a.argmax(-1).sum().itemLong()).isEqualTo(2);
    assertThat(a.std()).isCloseTo(1.2909944);
    assertThat(a.stdBiased()).isCloseTo(1.1180340);
    assertThat(a.clampMin(2).sum()).isCloseTo(11);
    assertThat(a.sigmoid().get(0, 0)).isCloseTo(0.7310586);
    assertThat(a.softmax(-1).sum()).isCloseTo(2);
    assertThat(a.cdist(b).get(0, 0)).isCloseTo(Math.sqrt(10));
    assertThat(Tensor.where(a.gt(b), a, b).sum()).isCloseTo(14);
    assertThat(Tensor.einsum("ij,ij->", a, b)).isCloseTo(20);
    assertThat(a.add_(b)).isCloseTo(5);
    assertThat(a).isCloseTo(5);
  }

  @Test
  void shapes() {
    Tensor a = Tensor.arange(6).view(2, 3);
    Tensor b = a.add(6);
    assertThat(a.view(-1)).hasShape(6);
    assertThat(a.view(3, -1)).hasShape(3, 2);
    assertThat(a.t()).hasShape(3, 2);
    assertThat(a.unsqueeze(1)).hasShape(2, 1, 3);
    assertThat(a.unsqueeze(1).squeeze(1)).hasShape(2, 3);
    assertThat(a.unsqueeze(0).permute(2, 0, 1)).hasShape(3, 1, 2);
    assertThat(a.unsqueeze(0).expand(4, -1, -1)).hasShape(4, 2, 3);
    assertThat(Tensor.stack(List.of(a, b))).hasShape(2, 2, 3);
    assertThat(Tensor.cat(a, b)).hasShape(4, 3);
    assertThat(Tensor.cat(List.of(a, b), 1)).hasShape(2, 6);
    assertThat(a.unbind(0)).hasSize(2);
    assertThat(a.chunk(3, 1)).hasSize(3);
  }

  @Test
  void indexes() {
    Tensor t = Tensor.arange(24).view(2, 3, 4);
    assertThat(t.get(0)).hasShape(3, 4);
    assertThat(t.get(1, 2)).hasShape(4);
    assertThat(t.get(-1)).hasShape(3, 4);
    assertThat(t.get(all(), at(1))).hasShape(2, 4);
    assertThat(t.get(all(), range(0, 2), range(1, 3))).hasShape(2, 2, 2);
    assertThat(t.get(Index.from(1))).hasShape(1, 3, 4);
    assertThat(t.get(Index.to(1))).hasShape(1, 3, 4);
    assertThat(t.get(ellipsis(), every(2))).hasShape(2, 3, 2);
    assertThat(t.get(ellipsis(), at(0))).hasShape(2, 3);
    assertThat(t.get(newAxis())).hasShape(1, 2, 3, 4);
    Tensor mask = t.gt(20);
    assertThat(t.get(mask)).hasShape(3);
    Tensor index = Tensor.of(new long[] {1, 0, 1});
    assertThat(t.get(index)).hasShape(3, 3, 4);
    t.put_(7, at(0), all(), at(0));
    assertThat(t.get(0).select(1, 0).toFloat()).isCloseTo(7);
  }

  @Test
  void differentiates() {
    Tensor x = floats(1, 2, 3).requiresGrad_();
    Tensor loss = x.pow(2).sum();
    assertThat(x.requiresGrad()).isTrue();
    assertThat(x.hasGrad()).isFalse();
    loss.backward();
    assertThat(x.grad()).isCloseTo(floats(2, 4, 6));
    noGrad(() -> x.sub_(x.grad().mul(0.5)));
    assertThat(x.detach()).isCloseTo(0);
    x.grad().zero_();
    assertThat(x.grad()).isCloseTo(0);
    x.zeroGrad();
    assertThat(x.hasGrad()).isFalse();

    Tensor y = x.mul(3).sum();
    y.backwardRetainingGraph();
    y.backward();
    assertThat(x.grad()).isCloseTo(6);
    Tensor dy = Autograd.grad(x.exp().sum(), List.of(x), true).get(0);
    assertThat(dy.requiresGrad()).isTrue();
    assertThatThrownBy(() -> Tensor.ones(2).grad())
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("call backward() first");
  }

  @Test
  void freesMemory() {
    Tensor x = Tensor.ones(2, 2);
    long before = Torch.liveTensors();
    Scope.run(() -> x.mul(2).add(1).sum());
    assertThat(Torch.liveTensors()).isEqualTo(before);
    Tensor mean = Scope.compute(() -> x.mul(2).mean());
    assertThat(mean).isCloseTo(2);
    try (Scope scope = Scope.open()) {
      Tensor kept = Scope.keep(x.mul(2));
      assertThat(kept).isCloseTo(2);
    }
    assertThat(Torch.liveTensors()).isGreaterThan(before);
  }

  @Test
  void buildsNets() {
    Tensor x = Tensor.randn(4, 784);
    var model = new Sequential(new Linear(784, 30), new ReLU(), new Linear(30, 1));
    assertThat(model.forward(x)).hasShape(4, 1);
    assertThat(model.parameters()).hasSize(4);
    assertThat(model.countParameters()).isEqualTo(784 * 30 + 30 + 30 + 1);
    assertThat(model.stateDict()).containsKeys("0.weight", "0.bias", "2.weight", "2.bias");
    var other = new Sequential(new Linear(784, 30), Tensor::relu, new Linear(30, 1));
    other.loadStateDict(model.stateDict());
    assertThat(other.forward(x)).isCloseTo(model.forward(x), 0, 1e-6);
    assertThat(model.eval().isTraining()).isFalse();
    assertThat(model.train().isTraining()).isTrue();
    model.to(Device.CPU);
    assertThat(Linear.withoutBias(784, 30).parameters()).hasSize(1);
    var cnn =
        new Sequential(new Conv2d(1, 8, 5, 2, 2), new BatchNorm2d(8), new ReLU(), new Flatten());
    assertThat(cnn.forward(x.view(-1, 1, 28, 28))).hasShape(4, 8 * 14 * 14);
  }

  @Test
  void hasLosses() {
    Tensor logits = floats(2, 0, 0, 2).view(2, 2);
    Tensor classes = Tensor.of(new long[] {0, 1});
    assertThat(Functional.crossEntropy(logits, classes)).isCloseTo(0.1269280);
    Tensor preds = floats(1, 3);
    Tensor targets = floats(0, 1);
    assertThat(Functional.mseLoss(preds, targets)).isCloseTo(2.5);
    assertThat(Functional.l1Loss(preds, targets)).isCloseTo(1.5);
    assertThat(Functional.binaryCrossEntropyWithLogits(preds, targets)).isCloseTo(0.6809244);
  }

  @Test
  void findsFilesAndImages(@TempDir Path folder) throws IOException {
    Path path = DigitSample.write(folder, 2);
    ItemPaths.basePath(path);
    try {
      assertThat(ls(path.resolve("train"))).hasToString("(#2) [train/3,train/7]");
    } finally {
      ItemPaths.clearBasePath();
    }
    assertThat(getImageFiles(path)).hasSize(8);
    Path file = getImageFiles(path).get(0);
    assertThat(parentLabel(file)).isEqualTo("3");
    Image image = Image.open(file);
    assertThat(image.tensor()).hasShape(28, 28).hasDType(DType.UINT8);
    assertThat(image.resize(14, 14).convert("RGB").tensor()).hasShape(14, 14, 3);
    assertThat(Images.tensors(ls(path.resolve("train/3")))).hasSize(2);
    assertThat(Images.stack(path.resolve("train/3")).toFloat().div(255)).hasShape(2, 28, 28);
  }

  @Test
  void makesBatches() {
    List<List<Integer>> batches = new ArrayList<>();
    for (List<Integer> batch : DataLoader.of(range(15), 4).shuffle()) {
      batches.add(batch);
    }
    assertThat(batches).hasSize(4).last().satisfies(b -> assertThat(b).hasSize(3));
    assertThat(DataLoader.of(range(15), 4).dropLast().size()).isEqualTo(3);

    Tensor x = Tensor.arange(10).toFloat().view(10, 1);
    Tensor y = x.mul(2);
    TensorDataset train = TensorDataset.of(x, y);
    TensorDataset valid = TensorDataset.of(x, y);
    DataLoaders dls = DataLoaders.of(train, valid, 4);
    Batch batch = dls.train().oneBatch();
    assertThat(batch.x()).hasShape(4, 1);
    List<Double> sums = new ArrayList<>();
    dls.train().forEach((xb, yb) -> sums.add(yb.sub(xb).sum().item()));
    assertThat(sums.stream().mapToDouble(s -> s).sum()).isEqualTo(45);
  }

  @Test
  void trainsByHand() {
    Torch.manualSeed(1);
    Tensor x = Tensor.randn(32, 1);
    DataLoaders dls = lineOfSlopeTwo(x);
    Linear model = new Linear(1, 1);
    Optimizer opt = new SGD(model.parameters(), 0.2);
    for (int epoch = 0; epoch < 30; epoch++) {
      dls.train()
          .forEach(
              (xb, yb) -> {
                Functional.mseLoss(model.forward(xb), yb).backward();
                opt.step();
                opt.zeroGrad();
              });
    }
    assertThat(model.weight().detach()).isCloseTo(Tensor.full(2, 1, 1), 0, 1e-3);
    assertThat(new SGD(model.parameters(), 0.2, 0.9, 0.01).lr()).isEqualTo(0.2);
    assertThat(new Adam(model.parameters(), 1e-3).lr()).isEqualTo(1e-3);
  }

  private static DataLoaders lineOfSlopeTwo(Tensor x) {
    TensorDataset line = TensorDataset.of(x, x.mul(2));
    return DataLoaders.of(line, line, 8);
  }

  @Test
  void trainsWithALearner(@TempDir Path folder) throws IOException {
    Torch.manualSeed(1);
    DataLoaders dls = lineOfSlopeTwo(Tensor.randn(32, 1));
    List<Double> losses = new ArrayList<>();
    Callback afterTwo =
        new Callback() {
          @Override
          public int order() {
            return 100; // the recorder, at 50, has its row by then
          }

          @Override
          public void afterEpoch(Learner learn) {
            losses.add(learn.loss());
            if (learn.epoch() == 1) {
              throw new CancelException.Fit();
            }
          }
        };
    Learner learn =
        Learner.builder(dls, new Linear(1, 1))
            .loss(Functional::mseLoss)
            .optimizer(SGD::new)
            .metric(Metrics.mae())
            .metric(Metrics.accuracy())
            .callback(afterTwo)
            .quiet()
            .build();
    learn.fit(10, 0.1);
    assertThat(losses).hasSize(2);
    assertThat(learn.recorder().itemgot(1)).hasSize(2);
    assertThat(learn.recorder().values().get(0)).hasSize(4);
    assertThat(learn.recorder().losses()).hasSize(8);
    assertThat(learn.recorder().metricNames()).startsWith("epoch", "train_loss", "valid_loss");

    var model = new Sequential(new Linear(784, 30), new ReLU(), new Linear(30, 1));
    Path file = folder.resolve("model.safetensors");
    Image image = Image.open(DigitSample.write(folder, 1).resolve("valid/3/0.png"));
    ImageClassifier.of(model, "simple_net", List.of("7", "3")).save(file, Map.of());
    assertThat(ImageClassifier.load(file).predict(image).label()).isIn("3", "7");
  }

  @Test
  void namesMetricsAsFastaiDoes() {
    Learner learn =
        Learner.builder(lineOfSlopeTwo(Tensor.randn(8, 1)), new Linear(1, 1))
            .loss(Functional::mseLoss)
            .metric(Metrics.errorRate())
            .metric(Metrics.topKAccuracy())
            .metric(Metrics.f1Score(Average.MACRO))
            .metric(Metrics.f1ScoreMulti(0.3, true, Average.MACRO))
            .metric(Metrics.rmse())
            .build();
    assertThat(learn.recorder().metricNames())
        .containsSequence("error_rate", "top_k_accuracy", "f1_score", "f1_score", "_rmse");
  }

  @Test
  void savesTensors(@TempDir Path folder) {
    Tensor t = floats(1, 2, 3);
    Path file = folder.resolve("t.npy");
    Npy.save(file, t);
    assertThat(Npy.load(file)).isCloseTo(t);
    Safetensors.save(file, Map.of("t", t));
    assertThat(Safetensors.load(file).tensors()).containsOnlyKeys("t");
    Path pth = folder.resolve("linear.pth");
    Linear model = new Linear(2, 1);
    Pth.save(pth, model.stateDict());
    model.loadStateDict(Pth.loadStateDict(pth));
    assertThat(model.stateDict()).containsOnlyKeys("weight", "bias");
  }

  @Test
  void draws(@TempDir Path folder) {
    Tensor x = Tensor.arange(5).toFloat();
    Tensor y = x.pow(2);
    Figure figure = Figure.subplots();
    Axes ax = figure.axes();
    ax.scatter(x, y);
    ax.scatter(x, y.neg(), "red");
    ax.plot(x.toDoubleArray(), y.toDoubleArray());
    ax.ylim(-300, 100).xlabel("time").title("speed");
    Path file = folder.resolve("step3.png");
    figure.save(file);
    assertThat(Files.exists(file)).isTrue();

    Figure row = Figure.subplots(1, 4, 12, 3);
    row.axes(0).hist(x.toDoubleArray(), 3);
    row.tightLayout();
    assertThat(row.svg()).startsWith("<svg");
    Tensor image = Tensor.rand(28, 28);
    assertThat(showImage(image).png()).isNotEmpty();
    assertThat(showImages(List.of(Pixels.of(image), Pixels.of(image)), 1, 2).png()).isNotEmpty();
    StyledTable table = StyledTable.of(image).fontSize(6).backgroundGradient(ColorMap.GREYS);
    assertThat(table.html()).contains("<table");
  }
}
