package org.fastai4j.book;

import static org.fastai4j.data.DataLoader.range;
import static org.fastai4j.data.ItemPaths.ls;
import static org.fastai4j.plot.ImageGrid.showImage;
import static org.fastai4j.plot.ImageGrid.showImages;
import static org.fastai4j.tensor.Autograd.noGrad;
import static org.fastai4j.tensor.Index.range;

import java.nio.file.Path;
import java.util.List;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.ItemPaths;
import org.fastai4j.data.PathList;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Learner;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.optim.SGD;
import org.fastai4j.plot.Axes;
import org.fastai4j.plot.ColorMap;
import org.fastai4j.plot.Figure;
import org.fastai4j.plot.Pixels;
import org.fastai4j.plot.StyledTable;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.Images;

/**
 * The chapter's code, from single pixels to a two-layer net, as a reader would type it.
 *
 * <p>The parts between {@code tag} and {@code end} are shown in the report as they stand here; what
 * they leave in fields is used by the parts that follow.
 */
@SuppressWarnings("NullAway.Init") // the sections fill the fields, in their order
final class MnistBasics {
  private final Transcript out;
  private final Gallery gallery;

  PathList threes;
  PathList sevens;
  Tensor stackedThrees;
  Tensor stackedSevens;
  Tensor validThrees;
  Tensor validSevens;
  Tensor mean3;
  Tensor mean7;
  Tensor target;
  Tensor time;
  Tensor speed;

  MnistBasics(Transcript out, Gallery gallery) {
    this.out = out;
    this.gallery = gallery;
  }

  // ---- functions of the chapter

  // tag::metric-functions[]
  /** The mean absolute difference: [n, 28, 28] and [28, 28] give [n]. */
  static Tensor mnistDistance(Tensor a, Tensor b) {
    return a.sub(b).abs().mean(-1, -2);
  }

  Tensor isThree(Tensor x) {
    return mnistDistance(x, mean3).lt(mnistDistance(x, mean7));
  }

  // end::metric-functions[]

  // tag::quadratic[]
  /** A quadratic in time with the three parameters a, b and c. */
  static Tensor f(Tensor t, Tensor params) {
    Tensor a = params.get(0);
    Tensor b = params.get(1);
    Tensor c = params.get(2);
    return a.mul(t.pow(2)).add(b.mul(t)).add(c);
  }

  /** The mean squared error. */
  static Tensor mse(Tensor preds, Tensor targets) {
    return preds.sub(targets).pow(2).mean();
  }

  // end::quadratic[]

  // tag::apply-step[]
  /** One step of gradient descent; returns the predictions it started from. */
  Tensor applyStep(Tensor params, double lr, boolean print) {
    Tensor preds = f(time, params);
    Tensor loss = mse(preds, speed);
    loss.backward();
    noGrad(() -> params.sub_(params.grad().mul(lr)));
    params.zeroGrad();
    if (print) {
      out.println(loss.item());
    }
    return preds;
  }

  // end::apply-step[]

  // tag::show-preds[]
  /** The measured speeds, and in red the predicted ones. */
  void showPreds(Tensor preds, Axes ax) {
    ax.scatter(time, speed).scatter(time, preds.detach(), "red").ylim(-300, 100);
    ax.xlabel("time (s)").ylabel("speed");
  }

  // end::show-preds[]

  // tag::mnist-loss[]
  /** How far predictions are from certain and right: 1 for a 3, 0 for a 7. */
  static Tensor mnistLoss(Tensor predictions, Tensor targets) {
    Tensor p = predictions.sigmoid();
    return Tensor.where(targets.eq(1), p.rsub(1), p).mean(); // rsub: 1 - p
  }

  /** The share of predictions on the right side of one half. */
  static Tensor batchAccuracy(Tensor predictions, Tensor targets) {
    return predictions.sigmoid().gt(0.5).eq(targets).toFloat().mean();
  }

  // end::mnist-loss[]

  // tag::train-model[]
  /** Trains by hand: for every batch a prediction, a loss, its gradients and a step. */
  void trainModel(Module model, Optimizer opt, DataLoaders dls, TensorDataset valid, int epochs) {
    for (int i = 0; i < epochs; i++) {
      dls.train()
          .forEach(
              (xb, yb) -> {
                mnistLoss(model.forward(xb), yb).backward();
                opt.step();
                opt.zeroGrad();
              });
      out.print("%.4f ", accuracy(model, valid));
    }
    out.println();
  }

  static double accuracy(Module model, TensorDataset valid) {
    return noGrad(
        () -> Scope.compute(() -> batchAccuracy(model.forward(valid.x()), valid.y()).item()));
  }

  // end::train-model[]

  // ---- sections

  void files(Path path) {
    // tag::files[]
    ItemPaths.basePath(path);
    threes = ls(path.resolve("train/3"));
    sevens = ls(path.resolve("train/7"));
    out.println(threes);
    out.println(sevens);
    // end::files[]
  }

  void pixels() {
    // tag::pixels[]
    Path im3Path = threes.get(1);
    Image im3 = Image.open(im3Path);
    Tensor im3T = im3.tensor();
    out.println(im3T.shape() + " " + im3T.dtype());
    StyledTable df = StyledTable.of(im3T.get(range(4, 25), range(4, 22)));
    df = df.fontSize(6).backgroundGradient(ColorMap.GREYS);
    gallery.show("step1", df);
    // end::pixels[]
  }

  void load(Path path) {
    // tag::stacks[]
    List<Tensor> threesTensors = Images.tensors(threes);
    List<Tensor> sevensTensors = Images.tensors(sevens);
    stackedThrees = Tensor.stack(threesTensors).toFloat().div(255);
    stackedSevens = Tensor.stack(sevensTensors).toFloat().div(255);
    out.println(stackedThrees.shape());
    out.println(stackedSevens.shape());

    validThrees = Images.stack(path.resolve("valid/3")).toFloat().div(255);
    validSevens = Images.stack(path.resolve("valid/7")).toFloat().div(255);
    // end::stacks[]
  }

  void means() {
    // tag::means[]
    mean3 = stackedThrees.mean(0);
    mean7 = stackedSevens.mean(0);
    Figure means = showImages(List.of(Pixels.of(mean3), Pixels.of(mean7)), 1, 2);
    gallery.show("mean_digits", means);
    // end::means[]
  }

  Distances distances() {
    // tag::distances[]
    Tensor a3 = stackedThrees.get(1);
    double l1To3 = a3.sub(mean3).abs().mean().item();
    double rmseTo3 = a3.sub(mean3).pow(2).mean().sqrt().item();
    double l1To7 = a3.sub(mean7).abs().mean().item();
    double rmseTo7 = a3.sub(mean7).pow(2).mean().sqrt().item();
    out.println("a 3 to the mean 3: L1 %.4f, RMSE %.4f", l1To3, rmseTo3);
    out.println("a 3 to the mean 7: L1 %.4f, RMSE %.4f", l1To7, rmseTo7);
    // end::distances[]
    return new Distances(l1To3, rmseTo3, l1To7, rmseTo7);
  }

  String firstPrediction() {
    // tag::first-prediction[]
    target = stackedSevens.get(12);
    double dist3 = target.cdist(mean3).sum().item(); // Euclidean, row by row
    double dist7 = target.cdist(mean7).sum().item();
    gallery.show("step2", showImage(target), Pixels.of(target));
    String prediction = dist3 <= dist7 ? "3" : "7";
    out.println("Prediction is " + prediction + "!");
    // end::first-prediction[]
    return prediction;
  }

  Baseline baseline() {
    // tag::broadcasting[]
    double accuracy3s = isThree(validThrees).toFloat().mean().item();
    double accuracy7s = 1 - isThree(validSevens).toFloat().mean().item();
    double accuracy = (accuracy3s + accuracy7s) / 2;
    out.println("3s %.4f, 7s %.4f, mean %.4f", accuracy3s, accuracy7s, accuracy);
    // end::broadcasting[]
    return new Baseline(accuracy3s, accuracy7s, accuracy);
  }

  void arraysAndTensors() {
    // tag::arrays[]
    int[][] data = {{1, 2, 3}, {4, 5, 6}};
    Tensor tns = Tensor.of(data);
    out.println(tns);
    out.println(tns.get(1)); // a row
    out.println(tns.select(1, 1)); // a column
    out.println(tns.get(range(1, 2), range(1, 3)));
    out.println(tns.mul(1.5).dtype() + " on " + tns.device());
    int[][] back = (int[][]) tns.toArray();
    out.println(back[1][2]);
    // end::arrays[]
  }

  void rollerCoaster() {
    // tag::roller-coaster[]
    time = Tensor.arange(20).toFloat();
    speed = Tensor.randn(20).mul(3).add(time.sub(9.5).pow(2).mul(0.75)).add(1);
    Figure figure = Figure.subplots();
    figure.axes().scatter(time, speed).xlabel("time (s)").ylabel("speed");
    gallery.show("step3", figure);
    // end::roller-coaster[]
  }

  void fitQuadratic() {
    // tag::fit-quadratic[]
    Tensor params = Tensor.randn(3).requiresGrad_();
    Tensor preds = f(time, params);
    Figure first = Figure.subplots();
    showPreds(preds, first.axes());
    gallery.show("step4", first);

    double lr = 1e-5;
    Figure row = Figure.subplots(1, 4, 12, 3);
    for (int i = 0; i < 4; i++) {
      showPreds(applyStep(params, lr, false), row.axes(i));
    }
    gallery.show("step4_1", row.tightLayout());
    for (int i = 0; i < 6; i++) {
      applyStep(params, lr, true);
    }
    // end::fit-quadratic[]
  }

  void miniBatches() {
    // tag::mini-batches[]
    List<Integer> coll = range(15);
    for (List<Integer> batch : DataLoader.of(coll, 5).shuffle()) {
      out.println(batch);
    }
    // end::mini-batches[]
  }

  TensorDataset trainSet() {
    // tag::datasets[]
    Tensor trainX = Tensor.cat(stackedThrees, stackedSevens).view(-1, 28 * 28);
    Tensor trainY = Tensor.cat(Tensor.ones(threes.size()), Tensor.zeros(sevens.size()));
    TensorDataset train = TensorDataset.of(trainX, trainY.unsqueeze(1));
    // end::datasets[]
    return train;
  }

  TensorDataset validSet() {
    Tensor y = Tensor.cat(Tensor.ones(validThrees.size(0)), Tensor.zeros(validSevens.size(0)));
    return TensorDataset.of(Tensor.cat(validThrees, validSevens).view(-1, 28 * 28), y.unsqueeze(1));
  }

  double linearByHand(DataLoaders dls, TensorDataset valid) {
    // tag::linear-by-hand[]
    Linear linearModel = new Linear(28 * 28, 1);
    Optimizer opt = new SGD(linearModel.parameters(), 1.0);
    trainModel(linearModel, opt, dls, valid, 5);
    // end::linear-by-hand[]
    return accuracy(linearModel, valid);
  }

  Learner linear(DataLoaders dls) {
    // tag::linear[]
    Learner learn =
        Learner.builder(dls, new Linear(28 * 28, 1))
            .loss(MnistBasics::mnistLoss)
            .optimizer(SGD::new)
            .metric("batch_accuracy", MnistBasics::batchAccuracy)
            .callback(out.progress())
            .build();
    learn.fit(10, 1.0);
    // end::linear[]
    return learn;
  }

  Learner simpleNet(DataLoaders dls, int epochs) {
    // tag::simple-net[]
    Sequential simpleNet = new Sequential(new Linear(28 * 28, 30), new ReLU(), new Linear(30, 1));
    Learner learn =
        Learner.builder(dls, simpleNet)
            .loss(MnistBasics::mnistLoss)
            .optimizer(SGD::new)
            .metric("batch_accuracy", MnistBasics::batchAccuracy)
            .callback(out.progress())
            .build();
    learn.fit(epochs, 0.1);
    // end::simple-net[]
    return learn;
  }

  void curves(Learner learn) {
    // tag::curves[]
    Figure accuracy = Figure.subplots();
    List<Double> accuracies = learn.recorder().itemgot(2);
    accuracy.axes().plot(doubles(accuracies)).xlabel("epoch").ylabel("batch_accuracy");
    gallery.show("accuracy", accuracy);
    // end::curves[]
  }

  static double[] doubles(List<? extends Number> values) {
    return values.stream().mapToDouble(Number::doubleValue).toArray();
  }

  /** What the chapter measures on its second 3. */
  record Distances(double l1To3, double rmseTo3, double l1To7, double rmseTo7) {}

  /** Accuracies of the pixel baseline. */
  record Baseline(double threes, double sevens, double mean) {}
}
