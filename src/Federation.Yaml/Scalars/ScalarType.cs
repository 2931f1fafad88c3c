using System.Collections.Immutable;

namespace Federation.Yaml.Scalars;

/// <summary>A text read as a value, or the reason why it is none and what would be.</summary>
/// <param name="Value">The value; the type's default if there is a problem.</param>
/// <param name="Problem">What is wrong; null if nothing is.</param>
/// <param name="Remedy">What would be right; null if nothing is wrong.</param>
public readonly record struct Reading<T>(T Value, string? Problem, string? Remedy)
{
    /// <summary>Goes on with the value, if there is one.</summary>
    public Reading<TNext> Then<TNext>(Func<T, Reading<TNext>> next) =>
        Problem is null ? next(Value) : new(default!, Problem, Remedy);
}

/// <summary>Makes readings.</summary>
public static class Reading
{
    /// <summary>A value.</summary>
    public static Reading<T> Of<T>(T value) => new(value, null, null);

    /// <summary>No value, because.</summary>
    public static Reading<T> No<T>(string problem, string remedy) => new(default!, problem, remedy);
}

/// <summary>How a single value of a file is read.</summary>
/// <param name="read">Reads the text; never throws.</param>
/// <param name="isNumber">Whether it has to stand there without quotes.</param>
public sealed class ScalarType<T>(Func<string, Reading<T>> read, bool isNumber = false)
{
    /// <summary>Whether it has to stand there without quotes.</summary>
    public bool IsNumber => isNumber;

    /// <summary>Reads a text.</summary>
    public Reading<T> Read(string text) => read(text);

    /// <summary>The same, but only what passes a test.</summary>
    public ScalarType<T> That(Func<T, bool> holds, string problem, string remedy) => new(
        text => read(text).Then(value => holds(value) ? Reading.Of(value) : Reading.No<T>(problem, remedy)),
        isNumber);

    /// <summary>The same, made into another type.</summary>
    public ScalarType<TOther> As<TOther>(Func<T, TOther> convert) =>
        new(text => read(text).Then(value => Reading.Of(convert(value))), isNumber);
}

/// <summary>A value that is one of a few words; the same list reads and writes it.</summary>
/// <param name="words">The words and what they stand for, each once.</param>
public sealed class Choice<T>(params ImmutableArray<(string Word, T Value)> words)
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

        return Reading.No<T>(
            $"is not one of {string.Join(", ", Words)}", Nearest.Near(text, Words) is { } near ? $"write e.g. {near}" : "write one of these");
    }
}
