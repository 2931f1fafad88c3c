using Federation.Domain.Groups;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Groups;

public sealed class PlantedGroupsTests
{
    [Theory]
    [InlineData(8, 0.1, 1.0)]
    [InlineData(16, 0.1, 0.3)]
    [InlineData(16, 0.2, 1.0)]
    [InlineData(32, 0.3, 1.0)]
    [InlineData(64, 0.3, 0.6)]
    public void Leiden_finds_planted_groups_among_256_vms_without_knowing_how_strong_they_are(int size, double ratio, double noise)
    {
        var planted = new PlantedGroups(256, 256 / size, ratio, noise);
        var weights = PlantedGroups.Weights(planted.Names(), planted.Edges(seed: 7));
        planted.Score(new LeidenDetector().Detect(planted.Names(), weights, new())).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Greedy_finds_planted_groups_where_there_is_little_noise()
    {
        var planted = new PlantedGroups(256, 16, 0.1, 0.3);
        var weights = PlantedGroups.Weights(planted.Names(), planted.Edges(seed: 7));
        planted.Score(new GreedyDetector().Detect(planted.Names(), weights, new())).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Traffic_without_groups_is_one_group_however_noisy_it_is()
    {
        var planted = new PlantedGroups(128, 1, 1, 1);
        var weights = PlantedGroups.Weights(planted.Names(), planted.Edges(seed: 7));
        new LeidenDetector().Detect(planted.Names(), weights, new()).Groups.ShouldHaveSingleItem().Members.Length.ShouldBe(128);
    }

    [Fact]
    public void Noisy_or_large_traffic_is_left_to_leiden()
    {
        foreach (var planted in new PlantedGroups[] { new(16, 2, 0.1, 1.0), new(64, 4, 0.1, 0.1) })
        {
            var weights = PlantedGroups.Weights(planted.Names(), planted.Edges(seed: 7));
            var choice = DetectorChoice.Of(planted.Names(), weights, new() { Detector = DetectorKind.Auto });
            choice.Kind.ShouldBe(DetectorKind.Leiden, choice.Why);
        }
    }
}
