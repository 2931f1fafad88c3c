using System.Collections.Immutable;

namespace Federation.Sites.Scalars;

/// <summary>A value that is one of a few words; the same list reads and writes it.</summary>
/// <param name="words">The words and what they stand for, each once.</param>
internal sealed class Choice<T>(params ImmutableArray<(string Word, T Value)> words)
    where T : notnull
{
    /// <summary>The words.</summary>
    public IEnumerable<string> Words => words.Select(choice => choice.Word);

    /// <summary>Reads one of the words.</summary>
    public ScalarType<T> Type => new(Read);

    /// <summary>The word for a value.</summary>
    public string Write(T value) => words.Single(choice => choice.Value.Equals(value)).Word;

    private Reading<T> Read(string text)
    {
        foreach (var (word, value) in words)
        {
            if (word == text)
            {
                return Reading.Of(value);
            }
        }

        return Reading.No<T>($"is not one of {string.Join(", ", Words)}", $"write e.g. {Nearest.To(text, Words)}");
    }
}
