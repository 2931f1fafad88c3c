using CsCheck;
using Federation.Domain.Estimation;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

/// <summary>Disks go along with a live move: their bytes, their time, and what is written to them meanwhile.</summary>
public sealed class DiskCopyTests
{
    private static readonly PreCopyOptions Options = new();

    // Rates that leave a tenth of the link at least: the slow way sums series that come to an end.
    private static readonly Gen<(CopiedVm Vm, double Rate)> Any =
        from memory in Gen.Double[1e6, 1e11]
        from disks in Gen.OneOf(Gen.Const(0.0), Gen.Double[1e6, 1e12])
        from rate in Gen.Double[1e6, 3e9]
        from dirty in Gen.Double[0, 0.45]
        from writes in Gen.Double[0, 0.45]
        select (new CopiedVm(memory, dirty * rate, disks, writes * rate), rate);

    [Fact]
    public void A_VM_without_disks_moves_as_before() => Any.Sample((vm, rate) =>
        PreCopy.Estimate(vm with { DiskBytes = 0, DiskBytesPerSecond = 0 }, rate, Options).ShouldBe(PreCopy.Estimate(vm.MemoryBytes, vm.DirtyBytesPerSecond, rate, Options)));

    [Fact]
    public void Bytes_and_time_are_those_of_sending_it_piece_by_piece() => Any.Sample((vm, rate) =>
    {
        var fast = PreCopy.Estimate(vm, rate, Options).ShouldNotBeNull();
        var (bytes, seconds) = PieceByPiece(vm, rate, fast.Rounds);
        fast.Bytes.ShouldBe(bytes, bytes * 1e-6);
        fast.DurationSeconds.ShouldBe(seconds + fast.DowntimeSeconds, (seconds + 1) * 1e-6);
    });

    [Fact]
    public void Disks_that_are_written_as_fast_as_the_link_carries_them_do_not_converge() =>
        PreCopy.Estimate(new(1e9, 0, 1e9, 1e8), 1e8, Options).ShouldBeNull();

    [Fact]
    public void A_gigabyte_of_disk_takes_ten_seconds_more_at_100_MB_a_second() =>
        PreCopy.Estimate(new(4e9, 0, 1e9, 0), 1e8, Options).ShouldBe(new MigrationEstimate(5e9, 50 + 0.1, 0.1, 1));

    // What was written while a piece was sent is the next piece.
    private static (double Bytes, double Seconds) PieceByPiece(CopiedVm vm, double rate, int rounds)
    {
        var (bytes, seconds) = Send(vm.DiskBytes, vm.DiskBytesPerSecond, rate);
        var left = vm.MemoryBytes;
        for (var round = 0; round < rounds; round++)
        {
            var (sent, took) = Send(left, vm.DiskBytesPerSecond, rate);
            (bytes, seconds, left) = (bytes + sent, seconds + took, vm.DirtyBytesPerSecond * took);
        }

        return (bytes + left, seconds);
    }

    private static (double Bytes, double Seconds) Send(double piece, double written, double rate)
    {
        var (bytes, seconds) = (0.0, 0.0);
        for (var next = piece; next > piece * 1e-9; next = written * (next / rate))
        {
            (bytes, seconds) = (bytes + next, seconds + (next / rate));
        }

        return (bytes, seconds);
    }
}
