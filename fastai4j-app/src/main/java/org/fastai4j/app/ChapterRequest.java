package org.fastai4j.app;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the user asked of {@code chapter}; already checked.
 *
 * @param data a data set's name, a folder or an archive; empty for the default
 * @param out the folder of the report
 * @param seed what weights, noise and order are drawn from
 * @param epochs how often the two-layer net sees the images
 * @param quiet whether progress and results stay unprinted
 */
record ChapterRequest(Optional<String> data, Path out, long seed, int epochs, boolean quiet) {}
