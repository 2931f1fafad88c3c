using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Federation.Domain.Traffic;

/// <summary>What a traffic query gets back: one of three forms.</summary>
public abstract record AnswerForm
{
    private AnswerForm()
    {
    }

    /// <summary>Reads <c>detailed</c>, <c>mean</c> or <c>weighted=2</c>, as the command line and the API write it.</summary>
    /// <remarks>The coefficient's range is not checked here: <see cref="TrafficQuery.Check"/> says what is wrong with it.</remarks>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out AnswerForm? form)
    {
        form = text switch
        {
            "detailed" => new Detailed(),
            "mean" => new Mean(),
            _ => ParseWeighted(text),
        };
        return form is not null;
    }

    /// <summary>One matrix per window.</summary>
    public sealed record Detailed : AnswerForm
    {
        /// <inheritdoc/>
        public override string ToString() => "detailed";
    }

    /// <summary>One matrix, every window weighing the same.</summary>
    public sealed record Mean : AnswerForm
    {
        /// <inheritdoc/>
        public override string ToString() => "mean";
    }

    /// <summary>One matrix, every window weighing <paramref name="Coefficient"/> times as much as the one before it.</summary>
    /// <param name="Coefficient">More than 0, at most <see cref="Limits.Request.Coefficient"/>: 1 is the mean, above 1 the newest window is the heaviest.</param>
    public sealed record Weighted(double Coefficient) : AnswerForm
    {
        /// <inheritdoc/>
        public override string ToString() => $"weighted={Coefficient.ToString(CultureInfo.InvariantCulture)}";
    }

    private static Weighted? ParseWeighted(string? text)
    {
        const string prefix = "weighted=";
        return text is not null
            && text.StartsWith(prefix, StringComparison.Ordinal)
            && double.TryParse(text.AsSpan(prefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var coefficient)
            ? new Weighted(coefficient)
            : null;
    }
}
