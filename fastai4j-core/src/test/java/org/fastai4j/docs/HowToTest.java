package org.fastai4j.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fastai4j.data.ItemPaths.getImageFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.fastai4j.callback.EarlyStopping;
import org.fastai4j.callback.SaveModel;
import org.fastai4j.data.CategoryBlock;
import org.fastai4j.data.DataBlock;
import org.fastai4j.data.ItemPaths;
import org.fastai4j.data.Splitter;
import org.fastai4j.interpret.ClassificationInterpretation;
import org.fastai4j.io.Pth;
import org.fastai4j.io.Safetensors;
import org.fastai4j.learner.Learner;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.AugTransforms;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageBlock;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageDataLoaders;
import org.fastai4j.vision.ImageInput;
import org.fastai4j.vision.Images;
import org.fastai4j.vision.Normalize;
import org.fastai4j.vision.RandomResizedCrop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the how-tos, on a few drawn digits that stand for somebody's photographs. */
class HowToTest {
  private final Path photos;
  private final Path out;

  HowToTest(@TempDir Path dir) throws IOException {
    photos = DigitSample.write(dir.resolve("photos"), 24);
    out = Files.createDirectories(dir.resolve("out"));
    Torch.setSeed(42);
  }

  @Test
  void trainsOnOwnImages() {
    var dls = ImageDataLoaders.fromFolder(photos, o -> o.validPct(0.2).seed(42).size(64).bs(16));
    dls.showBatch().save(out.resolve("batch.png"));

    var classifier = ImageClassifier.create("resnet18", dls.vocab(), ImageInput.color(64, 64));
    Learner learn = classifier.learner(dls).build();
    learn.fitOneCycle(2, 3e-3);

    classifier.save(out.resolve("model.safetensors"), Map.of("data", "my photos"));

    assertThat(learn.recorder().rows()).hasSize(2);
    assertThat(out.resolve("batch.png")).isNotEmptyFile();

    Path model = out.resolve("model.safetensors");
    Path photo = photos.resolve("valid/7/0.png");
    ImageClassifier.Prediction p = ImageClassifier.load(model).predict(Image.open(photo));
    System.out.printf("%s %.0f %%%n", p.label(), 100 * p.probability());
    assertThat(p.probabilities()).hasSize(2);

    var interp = ClassificationInterpretation.fromLearner(learn);
    System.out.print(interp.classificationReport());
    interp.plotConfusionMatrix().save(out.resolve("confusion.png"));
    assertThat(interp.confusionMatrix()).hasDimensions(2, 2);

    Learner further = ImageClassifier.load(model).learner(dls).build();
    further.fitOneCycle(1, 1e-3);
    assertThat(further.recorder().rows()).hasSize(1);
  }

  @Test
  void describesDataInBlocks() {
    var block =
        DataBlock.of(new ImageBlock(), new CategoryBlock())
            .getItems(ItemPaths::getImageFiles)
            .splitter(Splitter.random(0.2, 42))
            .getY(ItemPaths::parentLabel)
            .options(
                o ->
                    o.itemTfms(RandomResizedCrop.to(64))
                        .batchTfms(AugTransforms.standard(), Normalize.IMAGENET));
    System.out.println(block.summary(photos));
    ImageDataLoaders dls = block.dataloaders(photos);

    assertThat(dls.vocab()).containsExactly("3", "7");
    assertThat(dls.train().items()).isEqualTo(77);

    var bad = Images.verifyImages(getImageFiles(photos));
    bad.forEach(System.out::println);
    assertThat(bad).isEmpty();
  }

  /** Compiled, not run: the weights come from the network. */
  static Learner fineTunes(ImageDataLoaders dls) {
    var classifier =
        ImageClassifier.createPretrained("resnet18", dls.vocab(), ImageInput.color(224, 224));
    Learner learn = classifier.learner(dls).build();
    learn.fineTune(3);
    return learn;
  }

  @Test
  void goesOnFromACheckpointAndKeepsTheBest() {
    var dls = ImageDataLoaders.fromFolder(photos, o -> o.grey().bs(16));
    var classifier = ImageClassifier.create("simple_cnn", dls.vocab(), ImageInput.DIGITS);
    Path checkpoints = out.resolve("checkpoints");
    Learner learn =
        classifier
            .learner(dls)
            .callback(new SaveModel(out.resolve("best.safetensors"), "valid_loss"))
            .callback(new EarlyStopping("valid_loss", 3))
            .build();
    learn.resume(checkpoints); // false where there is none yet
    learn.checkpoint(checkpoints, 100); // every 100 batches, and at the end of each epoch
    learn.fitOneCycle(5, 3e-3);

    assertThat(checkpoints).isDirectoryContaining("glob:**checkpoint-*.safetensors");
    assertThat(out.resolve("best.safetensors")).isNotEmptyFile();
  }

  @Test
  void writesModelsForOthers() {
    var classifier =
        ImageClassifier.create("simple_cnn", java.util.List.of("3", "7"), ImageInput.DIGITS);

    classifier.saveOnnx(out.resolve("model.onnx"));
    Pth.save(out.resolve("model.pth"), classifier.model().stateDict());
    Safetensors.save(out.resolve("weights.safetensors"), classifier.model().stateDict());

    Map<String, Tensor> weights = Pth.loadStateDict(out.resolve("model.pth"));
    classifier.model().loadStateDict(weights);

    assertThat(weights).hasSameSizeAs(classifier.model().stateDict());
    assertThat(out.resolve("model.onnx")).isNotEmptyFile();
  }
}
