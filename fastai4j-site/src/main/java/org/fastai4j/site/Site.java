package org.fastai4j.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * The site: a page for each Markdown file of {@code docs} and at the top of the repository, with
 * the links of {@code docs/index.md} as the navigation on all of them.
 *
 * <p>Links between Markdown files become links between pages; other files of the repository that a
 * page links to are copied along. A link that leads nowhere ends the build.
 */
public final class Site {
  private static final Path INDEX = Path.of("docs/index.md");
  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), HeadingAnchorExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

  private final Path root;
  private final Path target;
  private final Map<Path, Node> pages = new LinkedHashMap<>();
  private final List<String> broken = new ArrayList<>();

  private Site(Path root, Path target) {
    this.root = root;
    this.target = target;
  }

  /** Builds the site of the repository {@code args[0]} in the folder {@code args[1]}. */
  public static void main(String[] args) throws IOException {
    System.out.println(build(Path.of(args[0]), Path.of(args[1])) + " pages in " + args[1]);
  }

  /**
   * Builds the site of the repository {@code root} in {@code target} and returns the number of its
   * pages.
   *
   * @throws IllegalStateException if links lead nowhere; the message names them
   */
  static int build(Path root, Path target) throws IOException {
    Site site = new Site(root.toRealPath(), target.toAbsolutePath());
    site.read();
    for (Path page : site.pages.keySet()) {
      site.write(page);
    }
    site.resource("style.css");
    if (!site.broken.isEmpty()) {
      throw new IllegalStateException("links that lead nowhere: " + site.broken);
    }
    return site.pages.size();
  }

  private void read() throws IOException {
    try (Stream<Path> docs = Files.walk(root.resolve("docs"));
        Stream<Path> top = Files.list(root)) {
      for (Path file :
          Stream.concat(docs, top).filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
        pages.put(root.relativize(file), PARSER.parse(Files.readString(file)));
      }
    }
  }

  /** Where the page of a Markdown file lies in the site. */
  static Path pageOf(Path file) {
    String name = file.toString().replace('\\', '/').replaceFirst("^docs/", "");
    return Path.of(
        (file.getNameCount() == 1 ? name.toLowerCase(java.util.Locale.ROOT) : name)
            .replaceFirst("\\.md$", ".html"));
  }

  private void write(Path file) throws IOException {
    Node page = PARSER.parse(Files.readString(root.resolve(file)));
    String html = render(file, page);
    Path to = target.resolve(pageOf(file));
    Files.createDirectories(Objects.requireNonNull(to.getParent()));
    Files.writeString(
        to,
        template()
            .replace("{{title}}", Code.escape(title(page)))
            .replace("{{style}}", relative(file, Path.of("style.css")))
            .replace("{{home}}", relative(file, pageOf(INDEX)))
            .replace("{{nav}}", nav(file))
            .replace("{{body}}", html));
  }

  private String render(Path file, Node page) {
    page.accept(new Links(file));
    return HtmlRenderer.builder()
        .extensions(EXTENSIONS)
        .nodeRendererFactory(
            context ->
                new org.commonmark.renderer.NodeRenderer() {
                  @Override
                  public java.util.Set<Class<? extends Node>> getNodeTypes() {
                    return java.util.Set.of(FencedCodeBlock.class);
                  }

                  @Override
                  public void render(Node node) {
                    FencedCodeBlock block = (FencedCodeBlock) node;
                    context.getWriter().line();
                    context.getWriter().raw(Code.html(block.getInfo(), block.getLiteral()));
                    context.getWriter().line();
                  }
                })
        .build()
        .render(page);
  }

  /** The list of pages, as it stands in the index, with the present one marked. */
  private String nav(Path file) {
    StringBuilder out = new StringBuilder();
    Node index = Objects.requireNonNull(pages.get(INDEX), INDEX + " is missing");
    for (Node block = index.getFirstChild(); block != null; block = block.getNext()) {
      if (block instanceof Heading h && h.getLevel() == 2) {
        out.append("<h2>").append(Code.escape(text(h))).append("</h2>\n");
      }
      List<Link> links = new ArrayList<>();
      block.accept(
          new AbstractVisitor() {
            @Override
            public void visit(Link link) {
              links.add(link);
            }
          });
      for (Link link : links) {
        Path linked = Path.of("docs").resolve(link.getDestination()).normalize();
        boolean own = linked.equals(file);
        String to =
            pages.containsKey(linked)
                ? relative(file, pageOf(linked))
                : relative(file, Path.of(link.getDestination()));
        out.append("<a href=\"").append(to).append('"');
        out.append(own ? " aria-current=\"page\">" : ">").append(Code.escape(text(link)));
        out.append("</a>\n");
      }
    }
    return out.toString();
  }

  /** The address of a place in the site, from the page of {@code file}. */
  private static String relative(Path file, Path place) {
    Path here = pageOf(file).getParent();
    Path path = here == null ? place : here.relativize(place);
    return path.toString().replace('\\', '/');
  }

  /** Turns links to files of the repository into links to places in the site. */
  private final class Links extends AbstractVisitor {
    private final Path file;

    Links(Path file) {
      this.file = file;
    }

    @Override
    public void visit(Link link) {
      link.setDestination(moved(link.getDestination()));
      visitChildren(link);
    }

    @Override
    public void visit(Image image) {
      image.setDestination(moved(image.getDestination()));
      visitChildren(image);
    }

    private String moved(String address) {
      if (address.contains(":") || address.startsWith("#")) {
        return address;
      }
      int hash = address.indexOf('#');
      String anchor = hash < 0 ? "" : address.substring(hash);
      Path linked =
          file.resolveSibling(hash < 0 ? address : address.substring(0, hash)).normalize();
      if (pages.containsKey(linked)) {
        return relative(file, pageOf(linked)) + anchor;
      }
      Path javadoc = Path.of("docs/apidocs");
      if (linked.startsWith(javadoc)) { // made by the javadoc tool, which has a check of its own
        return relative(file, Path.of("docs").relativize(linked)) + anchor;
      }
      Path place = linked.startsWith("docs") ? Path.of("docs").relativize(linked) : linked;
      Path from = root.resolve(linked);
      if (!Files.isRegularFile(from)) {
        broken.add(file + ": " + address);
        return address;
      }
      copy(from, target.resolve(place));
      return relative(file, place) + anchor;
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.createDirectories(Objects.requireNonNull(to.getParent()));
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String title(Node page) {
    for (Node block = page.getFirstChild(); block != null; block = block.getNext()) {
      if (block instanceof Heading h) {
        return text(h);
      }
    }
    return "fastai4j";
  }

  private static String text(Node node) {
    StringBuilder out = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text text) {
            out.append(text.getLiteral());
          }

          @Override
          public void visit(org.commonmark.node.Code code) {
            out.append(code.getLiteral());
          }
        });
    return out.toString();
  }

  private void resource(String name) throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve(name), read(name));
  }

  private static String template() throws IOException {
    return read("page.html");
  }

  private static String read(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Site.class.getResourceAsStream(name), name + " is missing")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
