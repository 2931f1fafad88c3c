using System.Text;

namespace Federation.Silo.Tests.Fuzz;

/// <summary>Damages bytes as networks, disks and attackers do; the same seed does the same.</summary>
internal static class Mutation
{
    private static readonly byte[][] Tokens =
    [
        .. ((string[])
        [
            "null", "true", "{}", "[]", "[[", "-1", "0", "1e308", "-1e308", "99999999999999999999", "9223372036854775807", "2147483648", "0.5",
            "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"vm2\"", "\"sent\"", "\"9999-12-31T23:59:30Z\"", "\"0001-01-01T00:00:00+14:00\"", ",", ":", "\"",
            "\"application\":\"cg\",", "\"merged\":2881,", "\"dropped\":-1,", "\u00e9", "\ufeff",
        ]).Select(Encoding.UTF8.GetBytes),
        [0], [0xFF, 0xFE], [0x1F, 0x8B], [0xD4, 0xC3, 0xB2, 0xA1], [0x0A, 0x0D, 0x0D, 0x0A], [0xFF, 0xFF, 0xFF, 0xFF],
    ];

    /// <summary>From one to eight changes, each of a random kind at a random place.</summary>
    public static byte[] Of(byte[] content, Random random)
    {
        var bytes = new List<byte>(content);
        for (var changes = random.Next(1, 9); changes > 0; changes--)
        {
            Change(bytes, random);
        }

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 40), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0 when length > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when length > 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4 when random.Next(8) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                var token = Tokens[random.Next(Tokens.Length)];
                bytes.RemoveRange(at, Math.Min(random.Next(2) * token.Length, bytes.Count - at));
                bytes.InsertRange(at, token);
                break;
        }
    }
}
