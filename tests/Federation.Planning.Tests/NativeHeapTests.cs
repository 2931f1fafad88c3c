using System.Runtime.InteropServices;
using Federation.Planning.Exact.ConstraintModel;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests;

public sealed class NativeHeapTests
{
    private const int Blocks = 3_000;
    private const int BlockBytes = 64 << 10;
    private static readonly byte[] Ones = [.. Enumerable.Repeat((byte)1, BlockBytes)];
    private const long Half = (long)Blocks * BlockBytes / 2;

    [Fact]
    public void What_was_freed_below_a_piece_in_use_goes_back_to_the_system()
    {
        var blocks = Enumerable.Range(0, Blocks).Select(_ => Touched()).ToList();
        var taken = Resident();
        // The last one stays: what is free below it would stay resident for ever.
        blocks.SkipLast(1).ToList().ForEach(Marshal.FreeHGlobal);

        NativeHeap.GiveBack();

        (taken - Resident()).ShouldBeGreaterThan(Half);
        Marshal.FreeHGlobal(blocks[^1]);
    }

    private static nint Touched()
    {
        var block = Marshal.AllocHGlobal(BlockBytes);
        Marshal.Copy(Ones, 0, block, BlockBytes);
        return block;
    }

    private static long Resident()
    {
        var pages = File.ReadAllText("/proc/self/statm").Split(' ')[1];
        return long.Parse(pages, System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
