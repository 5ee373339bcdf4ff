import java.nio.file.*;
import java.util.*;
import java.util.function.*;
import java.util.stream.*;
import org.dflib.DataFrame;
import org.fastai4j.callback.*;
import org.fastai4j.data.*;
import org.fastai4j.interpret.*;
import org.fastai4j.io.*;
import org.fastai4j.learner.*;
import org.fastai4j.metrics.*;
import org.fastai4j.nn.*;
import org.fastai4j.nn.Module;
import org.fastai4j.optim.*;
import org.fastai4j.plot.*;
import org.fastai4j.tensor.*;
import org.fastai4j.vision.*;
import static org.fastai4j.data.DataLoader.*;
import static org.fastai4j.data.ExternalData.untarData;
import static org.fastai4j.data.ItemPaths.getImageFiles;
import static org.fastai4j.data.ItemPaths.ls;
import static org.fastai4j.plot.Display.show;
import static org.fastai4j.plot.ImageGrid.showImage;
import static org.fastai4j.plot.ImageGrid.showImages;
import static org.fastai4j.tensor.Autograd.noGrad;
import static org.fastai4j.tensor.Index.*;

void help() {
  System.out.print("""
  Try:
    Tensor t = Tensor.arange(6).view(2, 3)             tensors, with PyTorch's words
    t.toFloat().mean(0)
    Tensor w = Tensor.randn(3).requiresGrad_()         gradients
    w.pow(2).sum().backward(); w.grad()
    Path path = untarData(URLs.DIGITS_SAMPLE)          digits that are drawn on the spot
    ls(path.resolve("train/3"))
    Image im = Image.open(ls(path.resolve("train/3")).get(0))
    show(showImage(im.tensor()))                       a picture in the terminal
    show(StyledTable.of(im.tensor().get(range(4, 25), range(4, 22))).backgroundGradient(ColorMap.GREYS))
    var dls = ImageDataLoaders.fromFolder(path, o -> o.grey())
    var learn = Learner.builder(dls, Models.simpleCnn(2)).loss(new CrossEntropyLoss()).metric(Metrics.accuracy()).build()
    learn.fitOneCycle(1, 0.01)                         a net that tells 3 from 7
    show(learn.recorder().plotLoss())
  Tab completes names and, pressed again, shows their documentation. /exit leaves, /help tells of JShell itself.
  """);
}
