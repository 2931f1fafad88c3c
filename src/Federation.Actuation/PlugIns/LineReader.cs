using System.Buffers;
using System.IO.Pipelines;

namespace Federation.Actuation.PlugIns;

/// <summary>Lines out of a stream, none longer than there is room for.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>The longest line, bytes. A thousand VMs take a few hundred KiB.</summary>
    public const int Longest = 16 << 20;

    private readonly PipeReader reader = PipeReader.Create(stream);

    /// <summary>The next line without its end; null: there is none. What follows the last end of line is a line, too.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="Longest"/>.</exception>
    public async Task<byte[]?> Next()
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (Cut(read.Buffer, out var line, out var rest))
            {
                reader.AdvanceTo(rest);
                return line;
            }

            if (read.Buffer.Length > Longest)
            {
                throw new InvalidDataException($"a line of more than {Longest} bytes");
            }

            if (read.IsCompleted)
            {
                line = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return line.Length > 0 ? line : null;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool Cut(in ReadOnlySequence<byte> buffer, out byte[] line, out SequencePosition rest)
    {
        var parts = new SequenceReader<byte>(buffer);
        var isWhole = parts.TryReadTo(out ReadOnlySequence<byte> found, (byte)'\n');
        (line, rest) = isWhole ? (found.ToArray(), parts.Position) : ([], buffer.Start);
        return isWhole;
    }
}
