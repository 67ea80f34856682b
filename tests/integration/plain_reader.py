"""A second reading of an article's HTML into paragraphs, on Python's own parser and with none of the program's code: what
the program reads is held against it."""
import html.parser
import re
import unicodedata

BLOCKS = {"p", "div", "blockquote", "pre", "ul", "ol", "li", "hr", "figure", "figcaption", "table", "thead", "tbody", "tfoot",
          "tr", "h1", "h2", "h3", "h4", "h5", "h6", "article", "main", "section", "center"}
VOID = {"br", "hr", "img", "input", "meta", "link", "source", "wbr"}
SILENT = {"script", "style", "noscript", "iframe", "title", "textarea", "svg", "select", "button", "object"}
FOREIGN = re.compile(r"(^|\s)(addtoany_|a2a_|sharedaddy|jp-relatedposts|grey-box|wp-embedded-content)")
EMOJI = re.compile(r"s\.w\.org|sinajs\.cn")
INVISIBLE = dict.fromkeys([0x200b, 0x200c, 0x200d, 0x2060, 0xfeff])


class Node:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children = tag, attributes, parent, []

    def text(self):
        return "".join(c if isinstance(c, str) else "" if c.tag in SILENT else c.text() for c in self.children)


class Tree(html.parser.HTMLParser):
    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.root = self.here = Node("body", {}, None)
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag in BLOCKS and tag != "li":
            node = self.here
            while node.parent and node.tag not in ("td", "th", "li", "blockquote", "div"):
                if node.tag == "p":
                    self.here = node.parent
                    break
                node = node.parent
        if tag == "li":
            node = self.here
            while node.parent and node.tag not in ("ul", "ol"):
                if node.tag == "li":
                    self.here = node.parent
                    break
                node = node.parent
        node = Node(tag, dict(attributes), self.here)
        self.here.children.append(node)
        if tag not in VOID:
            self.here = node

    def handle_endtag(self, tag):
        node = self.here
        while node.parent and node.tag != tag:
            node = node.parent
        if node.parent:
            self.here = node.parent

    def handle_data(self, data):
        self.here.children.append(data)


def tidy(text):
    return re.sub(r"[\s\u3000]+", " ", text.translate(INVISIBLE)).strip()


def is_card(node):
    titles = [c for c in node.children if isinstance(c, Node) and "su-spoiler-title" in c.attributes.get("class", "")]
    return any(re.search("[档檔]案卡", t.text()) for t in titles)


def is_footer(node):
    text = tidy(node.text())
    return node.tag == "p" and (text.startswith("Feed enhanced by") or
                                text.startswith("©") and ("Permalink" in text or "get_post_time(" in text))


def is_related(node):
    """The heading; its list is the next element."""
    return node.tag in ("p", "h2", "h3", "h4") and tidy(node.text()).rstrip(":：") in ("相关阅读", "相關閱讀")


class Writer:
    def __init__(self):
        self.paragraphs, self.line, self.lines = [], "", []

    def end_line(self):
        if tidy(self.line):
            self.lines.append(tidy(self.line.replace("[/caption]", " ")))
        self.line = ""

    def end_paragraph(self):
        self.end_line()
        if self.lines:
            self.paragraphs.append("\n".join(self.lines))
        self.lines = []

    def write(self, node):
        skip_list = False
        for child in node.children:
            if isinstance(child, str):
                self.line += child
                continue
            classes = child.attributes.get("class") or ""
            if skip_list and child.tag in ("ul", "ol"):
                skip_list = False
                continue
            if child.tag in SILENT or FOREIGN.search(classes) or is_card(child) or is_footer(child):
                continue
            if is_related(child):
                skip_list = True
                continue
            if child.tag == "br":
                self.end_line()
            elif child.tag == "img":
                if EMOJI.search(child.attributes.get("src") or ""):
                    self.line += child.attributes.get("alt") or ""
            elif child.tag in BLOCKS:
                self.end_paragraph()
                self.write(child)
                self.end_paragraph()
            else:
                self.write(child)
                self.line += " " if child.tag in ("td", "th") else ""


# What accounts write under their articles, as a person marks it in the files at hand.
PLEAS = re.compile(r"^(\\?~END\\?~|如果您喜欢我的文章|欢迎点赞、在看和转发)$")


def paragraphs(source):
    writer = Writer()
    writer.write(Tree(source).root)
    writer.end_paragraph()
    found = [unicodedata.normalize("NFC", p) for p in writer.paragraphs]
    while found and PLEAS.match(found[-1]):
        found.pop()
    return found
