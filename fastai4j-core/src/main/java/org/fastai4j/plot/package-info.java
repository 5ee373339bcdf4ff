/**
 * Figures, image grids, heat maps and tables as PNG, SVG, HTML or terminal text, with no display.
 *
 * <ul>
 *   <li>{@link org.fastai4j.plot.Figure}: a picture of plots in rows and columns, to save or embed.
 *   <li>{@link org.fastai4j.plot.Axes}: one of its plots, with matplotlib's words ({@code scatter},
 *       {@code plot}, {@code hist}, {@code imshow}, {@code heatMap}, {@code ylim}, {@code legend}).
 *   <li>{@link org.fastai4j.plot.ImageGrid}: {@code showImage} and {@code showImages}, pixels
 *       enlarged and titles above.
 *   <li>{@link org.fastai4j.plot.Pixels}: an image's numbers, as what it draws.
 *   <li>{@link org.fastai4j.plot.ColorMap}: from a number to a color.
 *   <li>{@link org.fastai4j.plot.StyledTable}: a data frame as a table, shaded if asked.
 *   <li>{@link org.fastai4j.plot.TerminalImage}: a picture as text for a terminal.
 *   <li>{@link org.fastai4j.plot.Viewable}: something to look at; {@link
 *       org.fastai4j.plot.Display}: where it is shown, a terminal or a notebook's cell.
 *   <li>{@link org.fastai4j.plot.PlotException}: a picture that could not be drawn or saved.
 * </ul>
 *
 * <pre>{@code
 * Figure figure = Figure.subplots();
 * figure.axes().scatter(time, speed, "C0", "actual").scatter(time, preds, "red", "predicted")
 *     .ylim(-300, 100).xlabel("time").ylabel("speed").legend();
 * figure.save(Path.of("step4.png"));
 * }</pre>
 *
 * <p>Pass {@code -Djava.awt.headless=true} to start faster where there is a display.
 */
@NullMarked
package org.fastai4j.plot;

import org.jspecify.annotations.NullMarked;
