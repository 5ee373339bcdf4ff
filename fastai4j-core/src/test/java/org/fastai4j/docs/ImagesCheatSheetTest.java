package org.fastai4j.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fastai4j.data.ItemPaths.getImageFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.fastai4j.callback.CSVLogger;
import org.fastai4j.callback.CutMix;
import org.fastai4j.callback.EarlyStopping;
import org.fastai4j.callback.GradientAccumulation;
import org.fastai4j.callback.GradientClip;
import org.fastai4j.callback.MixUp;
import org.fastai4j.callback.MixedPrecision;
import org.fastai4j.callback.ReduceLROnPlateau;
import org.fastai4j.callback.SaveModel;
import org.fastai4j.callback.ShowGraph;
import org.fastai4j.callback.TensorBoard;
import org.fastai4j.data.CategoryBlock;
import org.fastai4j.data.DataBlock;
import org.fastai4j.data.ItemPaths;
import org.fastai4j.data.RegexLabeller;
import org.fastai4j.data.Splitter;
import org.fastai4j.interpret.ClassificationInterpretation;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.TerminateOnNaN;
import org.fastai4j.optim.LearningRate;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.AugTransforms;
import org.fastai4j.vision.CropPad;
import org.fastai4j.vision.ImageBWBlock;
import org.fastai4j.vision.ImageBlock;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageDataLoaders;
import org.fastai4j.vision.ImageInput;
import org.fastai4j.vision.Images;
import org.fastai4j.vision.Normalize;
import org.fastai4j.vision.RandomErasing;
import org.fastai4j.vision.RandomResizedCrop;
import org.fastai4j.vision.Resize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the cheat sheet shows of images, callbacks and interpretation, on drawn digits. */
class ImagesCheatSheetTest {
  private final Path path;
  private final Path out;

  ImagesCheatSheetTest(@TempDir Path dir) throws IOException {
    path = DigitSample.write(dir.resolve("digits"), 16);
    out = dir;
    Torch.manualSeed(1);
  }

  @Test
  void describesDataInBlocks() {
    var block =
        DataBlock.of(new ImageBlock(), new CategoryBlock())
            .getItems(ItemPaths::getImageFiles)
            .splitter(Splitter.random(0.2, 42))
            .getY(ItemPaths::parentLabel)
            .options(o -> o.itemTfms(Resize.to(32)).bs(8));
    assertThat(block.summary(path)).contains("3");
    ImageDataLoaders dls = block.dataloaders(path);
    assertThat(dls.vocab()).containsExactly("3", "7");

    var grey =
        DataBlock.of(new ImageBWBlock(), new CategoryBlock())
            .getItems(ItemPaths::getImageFiles)
            .splitter(Splitter.grandparent())
            .getY(RegexLabeller.path("/(\\d)/\\d+.png$"));
    assertThat(grey.dataloaders(path).itemShape()).containsExactly(1, 28, 28);
  }

  @Test
  void changesItemsAndBatches() {
    ImageDataLoaders dls =
        ImageDataLoaders.fromFolder(
            path,
            o ->
                o.validPct(0.2)
                    .seed(42)
                    .bs(8)
                    .itemTfms(RandomResizedCrop.to(24).minScale(0.5))
                    .batchTfms(AugTransforms.standard(), Normalize.IMAGENET)
                    .batchTfms(new RandomErasing()));
    assertThat(dls.oneBatch().x().shape().toString()).isEqualTo("[8, 3, 24, 24]");
    assertThat(dls.showBatch().svg()).startsWith("<svg");
    assertThat(dls.testDl(getImageFiles(path)).items()).isEqualTo(64);
    assertThat(Resize.to(32).squish()).isNotEqualTo(Resize.to(32).pad());
    assertThat(CropPad.to(32).width()).isEqualTo(32);
    assertThat(Images.verifyImages(getImageFiles(path))).isEmpty();
  }

  @Test
  void trainsWithCallbacksAndLooksAtTheResult() {
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(path, o -> o.grey().bs(8).seed(42));
    var classifier = ImageClassifier.create("simple_cnn", dls.vocab(), ImageInput.DIGITS);
    Learner learn =
        classifier
            .learner(dls)
            .callback(new SaveModel(out.resolve("best.safetensors"), "valid_loss"))
            .callback(new EarlyStopping("valid_loss", 2))
            .callback(new ReduceLROnPlateau("valid_loss", 1))
            .callback(new TerminateOnNaN())
            .callback(new CSVLogger(out.resolve("history.csv")))
            .callback(ShowGraph.file(out.resolve("losses.png")))
            .callback(new TensorBoard(out.resolve("tb")))
            .quiet()
            .build();
    assertThat(learn.lrFind(1e-6, 1, 30, true).valley()).isPositive();
    learn.fitOneCycle(1, LearningRate.slice(1e-3, 1e-2));
    learn.freeze();
    learn.unfreeze();
    learn.fitFlatCos(1, 1e-3);
    learn.fitSgdr(1, 1, 1e-3, 2);
    assertThat(learn.validate()).hasSize(2);
    assertThat(learn.getPreds().preds().shape().toString()).isEqualTo("[32, 2]");
    assertThat(learn.tta(2).preds().size(0)).isEqualTo(32);
    assertThat(out.resolve("best.safetensors")).isNotEmptyFile();
    Path weights = out.resolve("stage1.safetensors");
    learn.save(weights);
    learn.load(weights);
    assertThat(learn.summary()).contains("Conv2d");

    var interp = ClassificationInterpretation.fromLearner(learn);
    assertThat(interp.confusionMatrix()).hasDimensions(2, 2);
    assertThat(interp.plotConfusionMatrix().svg()).startsWith("<svg");
    assertThat(interp.mostConfused(1)).hasSizeLessThanOrEqualTo(2);
    assertThat(interp.topLosses(9)).hasSize(9);
    assertThat(interp.classificationReport()).contains("precision");
  }

  @Test
  void mixesImagesAndSavesWork() {
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(path, o -> o.grey().bs(8).seed(42));
    var classifier = ImageClassifier.create("simple_cnn", dls.vocab(), ImageInput.DIGITS);
    Learner learn =
        classifier
            .learner(dls)
            .callback(new MixUp())
            .callback(MixedPrecision.bf16())
            .callback(new GradientClip(1))
            .callback(new GradientAccumulation(16))
            .quiet()
            .build();
    learn.fit(1);
    assertThat(learn.recorder().rows()).hasSize(1);
    assertThat(List.of(new CutMix())).hasSize(1);
  }
}
