/* clip_light.c - frames of clips in HDR or wide gamut, brought to the film's colours */
#include "compose/clip_light.h"
#include <math.h>
#include <stdlib.h>
#include <libavutil/mastering_display_metadata.h>
#include "compose/cicp.h"
#include "gen/base/mem.h"

struct clip_light {
    struct cicp_map *map;
    uint16_t *rgb;
    size_t n; /* px there is room for */
};

bool clip_light_needed(const AVFrame *v)
{
    bool is_wide = v->color_primaries == AVCOL_PRI_BT2020 || v->color_primaries == AVCOL_PRI_SMPTE431 ||
                   v->color_primaries == AVCOL_PRI_SMPTE432;
    return is_wide || v->color_trc == AVCOL_TRC_SMPTE2084 || v->color_trc == AVCOL_TRC_ARIB_STD_B67;
}

static double peak_of(const AVFrame *v)
{
    const AVFrameSideData *level = av_frame_get_side_data(v, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
    const AVFrameSideData *mastering = av_frame_get_side_data(v, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
    double peak = 0;
    if (mastering && ((const AVMasteringDisplayMetadata *)(const void *)mastering->data)->has_luminance)
        peak = av_q2d(((const AVMasteringDisplayMetadata *)(const void *)mastering->data)->max_luminance);
    if (level && ((const AVContentLightMetadata *)(const void *)level->data)->MaxCLL)
        peak = ((const AVContentLightMetadata *)(const void *)level->data)->MaxCLL;
    return peak >= 100 && peak <= 10000 ? peak : 0; /* what is no light of a screen is not believed */
}

struct clip_light *clip_light_create(const AVFrame *v)
{
    struct clip_light *l = mem_alloc(sizeof *l);
    /* PQ and HLG come with BT.2020 also where the primaries are not told. */
    bool is_told = v->color_primaries != AVCOL_PRI_UNSPECIFIED && v->color_primaries != AVCOL_PRI_RESERVED0;
    l->map = cicp_map_create(
        (struct cicp){ is_told ? (int)v->color_primaries : AVCOL_PRI_BT2020, (int)v->color_trc, peak_of(v) });
    return l;
}

void clip_light_destroy(struct clip_light *l)
{
    if (!l)
        return;
    cicp_map_destroy(l->map);
    free(l->rgb);
    free(l);
}

uint16_t *clip_light_room(struct clip_light *l, int w, int h)
{
    size_t n = (size_t)w * (size_t)h;
    if (n > l->n) {
        free(l->rgb);
        l->rgb = mem_array(n + 64, 3 * sizeof *l->rgb); /* swscale writes whole vectors */
        l->n = n;
    }
    return l->rgb;
}

void clip_light_apply(struct clip_light *l, int w, int h)
{
    for (size_t i = 0; l->map && i < (size_t)w * (size_t)h; i++) {
        uint16_t out[3];
        cicp_map_px(l->map, l->rgb + 3 * i, out);
        for (int k = 0; k < 3; k++)
            l->rgb[3 * i + (size_t)k] = out[k];
    }
}
