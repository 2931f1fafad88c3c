using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Federation.Storage.Upgrading;

/// <summary>The hashes under which Orleans 10 files a grain's state and its reminders, so that a row can be given another key.</summary>
/// <remarks>Each rewritten row is first found under its old hash: another Orleans is noticed before anything is changed.</remarks>
internal static class OrleansKeys
{
    private const uint Prime1 = 2654435761, Prime2 = 2246822519, Prime3 = 3266489917, Prime4 = 668265263, Prime5 = 374761393;

    /// <summary>Of the state of a grain with a text key: over the key's bytes, the last one first.</summary>
    public static int OfState(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        bytes.AsSpan().Reverse();
        return unchecked((int)Hash(bytes));
    }

    /// <summary>Of the reminders of a grain: its place on the ring of silos.</summary>
    public static int OfReminder(string kind, string key) =>
        unchecked((int)((Hash(Encoding.UTF8.GetBytes(kind)) * 31) + Hash(Encoding.UTF8.GetBytes(key))));

    // xxHash32 with seed 0, its four bytes in network order read as a number of this machine's: github.com/Cyan4973/xxHash.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            var rest = bytes;
            var hash = Prime5;
            if (bytes.Length >= 16)
            {
                Span<uint> lanes = [Prime1 + Prime2, Prime2, 0, 0 - Prime1];
                for (; rest.Length >= 16; rest = rest[16..])
                {
                    for (var lane = 0; lane < lanes.Length; lane++)
                    {
                        lanes[lane] = BitOperations.RotateLeft(lanes[lane] + (WordAt(rest[(4 * lane)..]) * Prime2), 13) * Prime1;
                    }
                }

                hash = BitOperations.RotateLeft(lanes[0], 1) + BitOperations.RotateLeft(lanes[1], 7)
                    + BitOperations.RotateLeft(lanes[2], 12) + BitOperations.RotateLeft(lanes[3], 18);
            }

            return BinaryPrimitives.ReverseEndianness(End(hash + (uint)bytes.Length, rest));
        }
    }

    private static uint End(uint hash, ReadOnlySpan<byte> rest)
    {
        unchecked
        {
            for (; rest.Length >= 4; rest = rest[4..])
            {
                hash = BitOperations.RotateLeft(hash + (WordAt(rest) * Prime3), 17) * Prime4;
            }

            foreach (var last in rest)
            {
                hash = BitOperations.RotateLeft(hash + (last * Prime5), 11) * Prime1;
            }

            hash = (hash ^ (hash >> 15)) * Prime2;
            hash = (hash ^ (hash >> 13)) * Prime3;
            return hash ^ (hash >> 16);
        }
    }

    private static uint WordAt(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
