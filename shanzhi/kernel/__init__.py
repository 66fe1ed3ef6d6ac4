"""What every area uses and no area owns. No tables; nothing here imports another area."""


class Refused(Exception):  # noqa: N818  a refusal is an answer, not a fault
    """The answer is no, and the sentence says what the person can do about it.

    Raised by rules inside commands; shown by views; returned by the API as a problem document.
    `field` names the form field it is about, if it is about one.
    """

    def __init__(self, sentence, *, field=None):
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __str__(self):
        return str(self.sentence)
