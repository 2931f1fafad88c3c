using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;

namespace Federation.Testing;

/// <summary>How many random sequences a state machine is tried with, and which of them shows that a guard is missing.</summary>
public static partial class RandomSequences
{
    private const int Searched = 200_000;

    /// <summary>What <c>FEDERATION_SEQUENCES</c> says, as the nightly run does; otherwise the usual number.</summary>
    public static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("FEDERATION_SEQUENCES"), CultureInfo.InvariantCulture, out var count) ? count : usual;

    /// <summary>Runs the one sequence of a pinned seed against a machine that lacks a guard, and gives what it broke off with.</summary>
    /// <remarks>
    /// A change of the generator, or of the machine, may make a pinned sequence miss. Then others are searched, and the message names the seed to pin
    /// in its place.
    /// </remarks>
    /// <param name="sequences">The sequences.</param>
    /// <param name="guard">The guard that is missing, for the message.</param>
    /// <param name="seed">The pinned seed.</param>
    /// <param name="run">Runs one sequence against the machine without the guard, and throws where an invariant is broken.</param>
    /// <exception cref="InvalidOperationException">The pinned sequence breaks nothing.</exception>
    public static Exception Caught<T>(this Gen<T> sequences, string guard, string seed, Action<T> run)
    {
        if (Failure(sequences, run, seed, iterations: 1) is { } caught)
        {
            return caught.InnerException ?? caught;
        }

        throw new InvalidOperationException(Failure(sequences, run, seed: null, Searched) is { } other
            ? $"seed \"{seed}\" does not show any more that \"{guard}\" is missing; pin \"{SeedIn().Match(other.Message).Groups[1].Value}\" in its place"
            : $"none of {Searched} sequences shows that \"{guard}\" is missing: the guard guards nothing, or the sequences come there no more");
    }

    private static CsCheckException? Failure<T>(Gen<T> sequences, Action<T> run, string? seed, int iterations)
    {
        try
        {
            sequences.Sample(run, seed: seed, iter: iterations, threads: seed is null ? -1 : 1);
            return null;
        }
        catch (CsCheckException failure)
        {
            return failure;
        }
    }

    [GeneratedRegex("seed: \"([^\"]+)\"")]
    private static partial Regex SeedIn();
}
