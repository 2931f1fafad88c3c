using System.Text;

namespace Federation.Portal.Bench;

/// <summary>As much of MessagePack as the messages of a circuit use: nil, booleans, whole numbers, texts, bytes, lists and empty maps.</summary>
internal static class Packed
{
    public static void Write(List<byte> to, object? value)
    {
        switch (value)
        {
            case null:
                to.Add(0xc0);
                break;
            case bool truth:
                to.Add(truth ? (byte)0xc3 : (byte)0xc2);
                break;
            case int or long:
                to.Add(0xd3);
                Number(to, Convert.ToInt64(value, null), 8);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                to.Add(0xdb);
                Number(to, bytes.Length, 4);
                to.AddRange(bytes);
                break;
            case object?[] list:
                to.Add(0xdd);
                Number(to, list.Length, 4);
                foreach (var item in list)
                {
                    Write(to, item);
                }

                break;
            default:
                throw new ArgumentException($"{value.GetType()} is not sent", nameof(value));
        }
    }

    /// <summary>Reads one value and goes past it.</summary>
    public static object? Read(ReadOnlySpan<byte> from, ref int at)
    {
        var kind = from[at++];
        return kind switch
        {
            < 0x80 => (long)kind,
            < 0x90 => Map(from, ref at, kind & 0x0f),
            < 0xa0 => List(from, ref at, kind & 0x0f),
            < 0xc0 => Text(from, ref at, kind & 0x1f),
            0xc0 => null,
            0xc2 or 0xc3 => kind == 0xc3,
            0xc4 or 0xc5 or 0xc6 => Bytes(from, ref at, (int)Number(from, ref at, 1 << (kind - 0xc4))),
            >= 0xcc and <= 0xcf => Number(from, ref at, 1 << (kind - 0xcc)),
            >= 0xd0 and <= 0xd3 => Signed(from, ref at, 1 << (kind - 0xd0)),
            0xd9 or 0xda or 0xdb => Text(from, ref at, (int)Number(from, ref at, 1 << (kind - 0xd9))),
            0xdc or 0xdd => List(from, ref at, (int)Number(from, ref at, 2 << (kind - 0xdc))),
            0xde or 0xdf => Map(from, ref at, (int)Number(from, ref at, 2 << (kind - 0xde))),
            >= 0xe0 => (long)(sbyte)kind,
            _ => throw new InvalidDataException($"a value that begins with {kind:x2} is not known"),
        };
    }

    private static void Number(List<byte> to, long number, int width)
    {
        for (var shift = (width - 1) * 8; shift >= 0; shift -= 8)
        {
            to.Add((byte)(number >> shift));
        }
    }

    private static long Number(ReadOnlySpan<byte> from, ref int at, int width)
    {
        var number = 0L;
        for (var end = at + width; at < end; at++)
        {
            number = (number << 8) | from[at];
        }

        return number;
    }

    private static long Signed(ReadOnlySpan<byte> from, ref int at, int width)
    {
        var shift = (8 - width) * 8;
        return Number(from, ref at, width) << shift >> shift;
    }

    private static byte[] Bytes(ReadOnlySpan<byte> from, ref int at, int length)
    {
        var bytes = from.Slice(at, length).ToArray();
        at += length;
        return bytes;
    }

    private static string Text(ReadOnlySpan<byte> from, ref int at, int length)
    {
        var text = Encoding.UTF8.GetString(from.Slice(at, length));
        at += length;
        return text;
    }

    private static object?[] List(ReadOnlySpan<byte> from, ref int at, int length)
    {
        var list = new object?[length];
        for (var index = 0; index < length; index++)
        {
            list[index] = Read(from, ref at);
        }

        return list;
    }

    private static object? Map(ReadOnlySpan<byte> from, ref int at, int length)
    {
        for (var index = 0; index < length * 2; index++)
        {
            _ = Read(from, ref at);
        }

        return null;
    }
}
