"""Model cards: the Markdown they use, with everything else shown as text."""
# ruff: noqa: E501 — tables of cases read better in whole lines

from cinefile.web.cards import markdown


def test_the_markdown_of_cards():
    text = markdown(
        "# Name\n\nTwo\nlines with `code` and **weight**.\n\n- one\n- two\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```\nx < y\n```\n"
    )
    assert "<h3>Name</h3>" in text
    assert "<p>Two lines with <code>code</code> and <strong>weight</strong>.</p>" in text
    assert "<ul><li>one</li><li>two</li></ul>" in text
    assert '<th scope="col">a</th>' in text
    assert "<td>2</td>" in text
    assert "<pre><code>x &lt; y</code></pre>" in text


def test_html_in_a_card_is_text():
    assert "<script>" not in markdown("# <script>x</script>\n\n<script>y</script>\n\n| <script> |\n|---|\n")


def test_an_open_code_block_ends_with_the_card():
    assert markdown("```\nx") == "<pre><code>x</code></pre>"
