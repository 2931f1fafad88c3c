using Federation.Cli.Output;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Output;

public sealed class CellsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 kB")]
    [InlineData(21367587, "21.368 MB")]
    [InlineData(4.3e9, "4.3 GB")]
    public void Sizes_are_decimal(double bytes, string text) => Cells.Bytes(bytes).ShouldBe(text);

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.3, "300 ms")]
    [InlineData(14.24, "14.2 s")]
    [InlineData(150, "2 min 30 s")]
    [InlineData(7500, "2 h 5 min")]
    public void Durations_have_the_unit_that_suits_them(double seconds, string text) => Cells.Seconds(seconds).ShouldBe(text);

    [Theory]
    [InlineData(0.00001, "0")]
    [InlineData(12.34567, "12.3457")]
    [InlineData(7200, "7200")]
    public void Numbers_have_four_digits_after_the_point_at_most(double value, string text) => Cells.Number(value).ShouldBe(text);

    [Fact]
    public void What_a_service_sends_does_not_steer_the_terminal() =>
        Cells.Plain("cg\u001b[2Jmoved\nnow").ShouldBe("cg [2Jmoved now");
}
