/**
 * The chapter "Under the hood: training a digit classifier" as runnable Java.
 *
 * <p>{@link org.fastai4j.book.MnistBasics} is the chapter's code, section by section, as a reader
 * would type it; {@link org.fastai4j.book.Chapter} runs it and writes the report.
 */
@NullMarked
package org.fastai4j.book;

import org.jspecify.annotations.NullMarked;
