namespace Federation.Sites.Scalars;

/// <summary>How a single value of a file is read.</summary>
/// <param name="read">Reads the text; never throws.</param>
/// <param name="isNumber">Whether it has to stand there without quotes.</param>
internal sealed class ScalarType<T>(Func<string, Reading<T>> read, bool isNumber = false)
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
