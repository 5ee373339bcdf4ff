///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS org.fastai4j:fastai4j:0.1.0-SNAPSHOT
//DEPS org.bytedeco:pytorch:2.10.0-1.5.13:linux-x86_64
//DEPS org.bytedeco:openblas:0.3.31-1.5.13:linux-x86_64
//DEPS org.bytedeco:javacpp:1.5.13:linux-x86_64
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED

import static org.fastai4j.data.ExternalData.untarData;
import static org.fastai4j.data.ItemPaths.ls;

import org.fastai4j.data.URLs;
import org.fastai4j.learner.Learner;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.vision.*;

/** Draws 3s and 7s, trains a net to tell them apart, and asks it what one of them is. */
class HelloDigits {
  public static void main(String[] args) {
    var path = untarData(URLs.DIGITS_SAMPLE);
    var dls = ImageDataLoaders.fromFolder(path, o -> o.grey());
    var net = Models.simpleCnn(dls.c());
    var learn = Learner.builder(dls, net).loss(new CrossEntropyLoss()).metric(Metrics.accuracy()).build();
    learn.fitOneCycle(1, 0.01);
    System.out.printf("Accuracy: %.4f%n", learn.validate().get(1));

    var digit = ls(path.resolve("valid/7")).get(0);
    var prediction = ImageClassifier.of(net, "simple_cnn", dls.vocab()).predict(Image.open(digit));
    System.out.printf("%s is a %s%n", digit.getFileName(), prediction.label());
  }
}
