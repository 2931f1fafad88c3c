namespace Federation.Cli.Terminals;

/// <summary>All that a command sees of the world around its process, but for files and the service.</summary>
internal sealed record Terminal
{
    private const int WidthOfFiles = 4000;

    /// <summary>Where results go, and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where messages and progress go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where answers to questions come from. Default: nobody answers.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Whether a person sees <see cref="Error"/> and can answer by <see cref="In"/>.</summary>
    public bool CanAsk { get; init; }

    /// <summary>Whether a person is looking at <see cref="Error"/>: a log is for reading.</summary>
    public bool ShowsErrors { get; init; }

    /// <summary>Tells the time.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Looks an environment variable up; null if it is not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Whether a person is looking at <see cref="Out"/>: colours and live tables make sense.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Columns of <see cref="Out"/>. Default so many that nothing is wrapped, as befits a file or a pipe.</summary>
    public int Width { get; init; } = WidthOfFiles;

    /// <summary>Whether <see cref="Out"/> may be coloured: a person is looking, and has not set NO_COLOR.</summary>
    public bool HasColor => IsInteractive && string.IsNullOrEmpty(Environment("NO_COLOR"));

    /// <summary>The process's own.</summary>
    public static Terminal OfProcess()
    {
        var isInteractive = !Console.IsOutputRedirected;
        return new Terminal
        {
            Out = Console.Out,
            Error = Console.Error,
            In = new ProcessInput(),
            CanAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
            ShowsErrors = !Console.IsErrorRedirected,
            Clock = TimeProvider.System,
            Environment = System.Environment.GetEnvironmentVariable,
            IsInteractive = isInteractive,
            // Some terminals, such as those of build servers, say that they have no columns.
            Width = isInteractive && Console.WindowWidth > 0 ? Console.WindowWidth : WidthOfFiles,
        };
    }
}

/// <summary>The standard input, which is opened when somebody reads: on a terminal that takes some of the milliseconds of a start.</summary>
internal sealed class ProcessInput : TextReader
{
    /// <inheritdoc/>
    public override int Peek() => Console.In.Peek();

    /// <inheritdoc/>
    public override int Read() => Console.In.Read();

    /// <inheritdoc/>
    public override string? ReadLine() => Console.In.ReadLine();

    /// <inheritdoc/>
    public override string ReadToEnd() => Console.In.ReadToEnd();
}
